package chat.parley.conversation.reply;

import chat.parley.conversation.history.Stopped.Abort;
import chat.parley.events.ControlEvent.CancelRequested;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.stereotype.Component;

/** Tells workers that an attempt is no longer wanted: a hint, so that they stop spending. */
@Component
class WorkerAborts {
    private static final Logger log = LoggerFactory.getLogger(WorkerAborts.class);
    private static final int MANY = 1_000;

    private final Broker broker;
    private final EventPublisher events;
    private final ReplyProperties properties;
    private final ConcurrentHashMap<Abort, Long> told = new ConcurrentHashMap<>();

    WorkerAborts(Broker broker, EventPublisher events, ReplyProperties properties) {
        this.broker = broker;
        this.events = events;
        this.properties = properties;
    }

    /**
     * Tells the worker soon, at most once a second ({@code parley.reply.abort-every}); the caller waits for nothing.
     */
    void abort(Abort abort) {
        if (broker.canPublish() && isDue(abort)) {
            Thread.ofVirtual().name("abort").start(() -> tell(abort));
        }
    }

    private boolean isDue(Abort abort) {
        long now = System.nanoTime();
        long every = properties.abortEvery().toNanos();
        if (told.size() > MANY) {
            told.values().removeIf(at -> now - at > every);
        }
        return told.merge(abort, now, (before, _) -> now - before >= every ? now : before) == now;
    }

    private void tell(Abort abort) {
        try {
            events.hint(new CancelRequested(abort.reply(), abort.attempt()), "reply.cancel-requested", abort.worker());
        } catch (AmqpException e) {
            log.debug("Worker {} was not told to stop {}", abort.worker(), abort.reply(), e);
        }
    }
}
