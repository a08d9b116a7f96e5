package chat.parley.events;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Objects;

/**
 * Hints between the services, through {@link Topology#CONTROL} and {@link Topology#CONTROL_ALL}. Nothing is decided by
 * them and each may be lost.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface ControlEvent {

    /**
     * The attempt is no longer wanted: close its call to the model. Sent to the worker (routing key = worker id) that
     * runs it or whose event was refused.
     */
    @JsonTypeName("reply.cancel-requested")
    record CancelRequested(ReplyName reply, int attempt) implements ControlEvent {
        public CancelRequested {
            Objects.requireNonNull(reply, "reply");
            Checks.attempt(attempt);
        }
    }

    /**
     * A worker says, every two seconds and on change, that it is there.
     *
     * @param models what may be asked of it, its default first; never empty
     * @param demo whether the built-in demo model answers
     * @param running calls in flight
     * @param capacity calls that it would run at once
     * @param providerUp false while its circuit breaker keeps it from taking requests
     * @param stopping true when it takes no more requests
     */
    @JsonTypeName("worker.announced")
    record WorkerAnnounced(
            Id worker,
            List<String> models,
            boolean demo,
            int running,
            int capacity,
            boolean providerUp,
            boolean stopping)
            implements ControlEvent {
        public WorkerAnnounced {
            Objects.requireNonNull(worker, "worker");
            models = List.copyOf(models);
            if (models.isEmpty()) {
                throw new IllegalArgumentException("A worker has at least its default model");
            }
            Checks.notNegative("running", running);
            Checks.notNegative("capacity", capacity);
        }
    }
}
