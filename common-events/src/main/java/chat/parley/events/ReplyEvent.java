package chat.parley.events;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A step on the way to a reply, through {@link Topology#REPLIES} and the partition of the reply's owner. A message
 * there is a JSON array of these.
 *
 * <p>What a worker says is fenced by (attempt, worker): the first {@link ReplyStarted} of an attempt that Conversation
 * applies names its worker, and events of any other worker or of an older attempt change nothing.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface ReplyEvent {
    ReplyName reply();

    /** The attempt that this is about, from 1. */
    int attempt();

    /**
     * A worker has taken the attempt and is about to call the model.
     *
     * @param worker the worker's id, random for each start of its process
     */
    @JsonTypeName("reply.started")
    record ReplyStarted(ReplyName reply, int attempt, Id worker, String model) implements ReplyEvent {
        public ReplyStarted {
            Objects.requireNonNull(reply, "reply");
            Objects.requireNonNull(worker, "worker");
            Objects.requireNonNull(model, "model");
            Checks.attempt(attempt);
        }
    }

    /**
     * A piece of the reply's text.
     *
     * @param n counts the deltas of one attempt from 0, without gaps
     * @param offset the UTF-16 units of the attempt's text before this piece
     * @param text never empty; never ends or begins within a surrogate pair
     */
    @JsonTypeName("reply.delta")
    record ReplyDelta(ReplyName reply, int attempt, Id worker, int n, int offset, String text) implements ReplyEvent {
        public ReplyDelta {
            Objects.requireNonNull(reply, "reply");
            Objects.requireNonNull(worker, "worker");
            Checks.attempt(attempt);
            Checks.notNegative("n", n);
            Checks.notNegative("offset", offset);
            if (text.isEmpty()) {
                throw new IllegalArgumentException("A delta has text");
            }
        }
    }

    /** The worker is alive and has nothing else to say about this reply. */
    @JsonTypeName("reply.heartbeat")
    record ReplyHeartbeat(ReplyName reply, int attempt, Id worker) implements ReplyEvent {
        public ReplyHeartbeat {
            Objects.requireNonNull(reply, "reply");
            Objects.requireNonNull(worker, "worker");
            Checks.attempt(attempt);
        }
    }

    /**
     * The model has finished.
     *
     * @param text the whole text; it heals whatever delta was lost
     * @param usage absent if the model did not say
     */
    @JsonTypeName("reply.completed")
    record ReplyCompleted(
            ReplyName reply,
            int attempt,
            Id worker,
            String text,
            @Nullable Usage usage) implements ReplyEvent {
        public ReplyCompleted {
            Objects.requireNonNull(reply, "reply");
            Objects.requireNonNull(worker, "worker");
            Objects.requireNonNull(text, "text");
            Checks.attempt(attempt);
        }
    }

    /**
     * The attempt failed; Conversation decides what follows from the code.
     *
     * @param retryAfter how long the provider asked to wait; absent if it did not say
     */
    @JsonTypeName("attempt.failed")
    record AttemptFailed(
            ReplyName reply,
            int attempt,
            Id worker,
            FailureCode code,
            @Nullable Duration retryAfter) implements ReplyEvent {
        public AttemptFailed {
            Objects.requireNonNull(reply, "reply");
            Objects.requireNonNull(worker, "worker");
            Objects.requireNonNull(code, "code");
            Checks.attempt(attempt);
        }
    }

    /** A request came redelivered or marked {@code again}, and was dropped: a hint that its worker may be gone. */
    @JsonTypeName("request.seen-again")
    record RequestSeenAgain(ReplyName reply, int attempt) implements ReplyEvent {
        public RequestSeenAgain {
            Objects.requireNonNull(reply, "reply");
            Checks.attempt(attempt);
        }
    }

    /**
     * Conversation asks itself, behind all that the worker has said, whether the lease is still over.
     *
     * @param askedAt Redis time; a check that was long under way proves nothing but a slow way
     */
    @JsonTypeName("lease.check")
    record LeaseCheck(ReplyName reply, int attempt, Instant askedAt) implements ReplyEvent {
        public LeaseCheck {
            Objects.requireNonNull(reply, "reply");
            Objects.requireNonNull(askedAt, "askedAt");
            Checks.attempt(attempt);
        }
    }

    /**
     * A title for the conversation, made by the model after its first reply. Never overrides one that a person gave.
     *
     * @param title 1 to 200 characters
     */
    @JsonTypeName("conversation.titled")
    record ConversationTitled(ReplyName reply, int attempt, Id worker, String title) implements ReplyEvent {
        public ConversationTitled {
            Objects.requireNonNull(reply, "reply");
            Objects.requireNonNull(worker, "worker");
            Checks.attempt(attempt);
            if (title.isBlank() || title.length() > 200) {
                throw new IllegalArgumentException("A title has 1 to 200 characters");
            }
        }
    }
}
