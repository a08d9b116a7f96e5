package chat.parley.standalone;

import java.util.List;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.DeclarableCustomizer;
import org.springframework.amqp.core.Queue;

/**
 * Says to the embedded broker, in its own words, what the shared topology says to RabbitMQ. Qpid refuses a queue that
 * has an argument it doesn't know, so an argument that is new in the topology fails at once and not silently.
 */
final class QpidQueueArguments implements DeclarableCustomizer {
    /**
     * What Qpid neither knows nor needs here: its queues are all of one kind, requeueing never ends a message, and its
     * dead letters go where the alternate binding leads.
     */
    private static final List<String> UNKNOWN =
            List.of("x-queue-type", "x-delivery-limit", "x-overflow", "x-dead-letter-strategy");

    private static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";
    private static final String MAX_LENGTH = "x-max-length";

    private final long maxBytes;

    /** @param maxBytes the bound of each queue, because Qpid's memory has no other; what is over it is refused */
    QpidQueueArguments(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Changes the queue itself and not a copy: a queue named by the broker learns its name through this object. It may
     * come again, on each new connection, and is then as it should be.
     */
    @Override
    public Declarable apply(Declarable declarable) {
        if (declarable instanceof Queue queue) {
            UNKNOWN.forEach(queue::removeArgument);
            translateDeadLetters(queue);
            Object maxLength = queue.removeArgument(MAX_LENGTH);
            if (maxLength != null) {
                queue.addArgument("qpid.max_count", maxLength);
            }
            queue.addArgument("qpid.max_size", maxBytes);
            queue.addArgument("qpid.policy_type", "REJECT");
        }
        return declarable;
    }

    /** Exactly one delivery: with any other limit a rejected message is neither moved nor delivered again. */
    private static void translateDeadLetters(Queue queue) {
        Object exchange = queue.removeArgument(DEAD_LETTER_EXCHANGE);
        if (exchange != null) {
            queue.addArgument("alternateExchange", exchange);
            queue.addArgument("x-qpid-maximum-delivery-count", 1);
        }
    }
}
