package chat.parley.events;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Everything on the broker that both services rely on: names, arguments, routing. Queue arguments can't change on a
 * running broker, so a queue of another shape gets another name.
 */
public final class Topology {
    /** Shards of users, and partitions of the reply events: a user's shard is the partition of his replies. */
    public static final int SHARDS = 16;

    /** Direct exchange of {@link RequestEvent}s. */
    public static final String REQUESTS = "chat.requests";
    /** Routing key of requests that any worker may run beside others. */
    public static final String ANY = "any";
    /** Routing key of requests that lost their worker twice: run alone in their process. */
    public static final String SOLO = "solo";

    public static final String REQUEST_QUEUE = "assistant.requests";
    public static final String SOLO_QUEUE = "assistant.requests.solo";

    /** Direct exchange of lists of {@link ReplyEvent}s; the routing key is {@link #partitionKey}. */
    public static final String REPLIES = "chat.replies";

    /** Direct exchange of {@link ControlEvent}s for one process; the routing key is its id. */
    public static final String CONTROL = "chat.control";
    /** Fanout exchange of {@link ControlEvent}s for every process. */
    public static final String CONTROL_ALL = "chat.control.all";

    /** Fanout exchange of what no one could handle. */
    public static final String DEAD = "chat.dead";

    public static final String DEAD_QUEUE = "conversation.dead";

    /** Bound of the request queues, in messages; further requests are refused and wait in the outbox. */
    public static final int MAX_REQUESTS = 100_000;
    /** Bound of each reply queue, in messages; a worker keeps what is refused and sends it again. */
    public static final int MAX_REPLIES = 20_000;

    private Topology() {}

    /**
     * An exchange; all are durable.
     *
     * @param type {@code direct} or {@code fanout}
     */
    public record Exchange(String name, String type) {}

    /** All queues of the shared topology are durable quorum queues. */
    public record Queue(String name, Map<String, Object> arguments) {}

    /**
     * Leads from an exchange to a queue.
     *
     * @param routingKey empty for a fanout exchange
     */
    public record Binding(String exchange, String routingKey, String queue) {}

    /** The shard of a user, 0 to 15: CRC-32 of the id's bytes, modulo 16. Never changes. */
    public static int shardOf(Id userId) {
        CRC32 crc = new CRC32();
        crc.update(userId.value().getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % SHARDS);
    }

    /** The routing key of a partition: two digits, {@code 00} to {@code 15}. */
    public static String partitionKey(int partition) {
        if (partition < 0 || partition >= SHARDS) {
            throw new IllegalArgumentException("Partitions are 0 to 15, not " + partition);
        }
        return partition < 10 ? "0" + partition : Integer.toString(partition);
    }

    /** The queue of a partition: {@code conversation.replies.00} to {@code conversation.replies.15}. */
    public static String replyQueue(int partition) {
        return "conversation.replies." + partitionKey(partition);
    }

    /**
     * How often a request may come back to its queue. When a connection breaks, RabbitMQ ends its channels one by one,
     * and what one of them had goes to the next, which is about to end, too: a single break can use up a delivery for
     * each call that a worker may run. A request that comes again is never run, so that a high number costs nothing.
     */
    public static final int MAX_DELIVERIES = 5_000;

    public static List<Exchange> exchanges() {
        return List.of(
                new Exchange(DEAD, "fanout"),
                new Exchange(REQUESTS, "direct"),
                new Exchange(REPLIES, "direct"),
                new Exchange(CONTROL, "direct"),
                new Exchange(CONTROL_ALL, "fanout"));
    }

    public static List<Queue> queues() {
        List<Queue> queues = new ArrayList<>();
        queues.add(new Queue(DEAD_QUEUE, Map.of("x-queue-type", "quorum")));
        queues.add(new Queue(REQUEST_QUEUE, bounded(MAX_DELIVERIES, MAX_REQUESTS, false)));
        queues.add(new Queue(SOLO_QUEUE, bounded(MAX_DELIVERIES, MAX_REQUESTS, true)));
        for (int partition = 0; partition < SHARDS; partition++) {
            queues.add(new Queue(replyQueue(partition), bounded(1000, MAX_REPLIES, true)));
        }
        return List.copyOf(queues);
    }

    public static List<Binding> bindings() {
        List<Binding> bindings = new ArrayList<>();
        bindings.add(new Binding(DEAD, "", DEAD_QUEUE));
        bindings.add(new Binding(REQUESTS, ANY, REQUEST_QUEUE));
        bindings.add(new Binding(REQUESTS, SOLO, SOLO_QUEUE));
        for (int partition = 0; partition < SHARDS; partition++) {
            bindings.add(new Binding(REPLIES, partitionKey(partition), replyQueue(partition)));
        }
        return List.copyOf(bindings);
    }

    /**
     * A delivery limit is always set: without one a quorum queue before 4.0 returns a message to its tail, and with one
     * to its head. At-least-once dead-lettering works only with {@code reject-publish}.
     */
    private static Map<String, Object> bounded(int deliveryLimit, int maxLength, boolean singleActiveConsumer) {
        Map<String, Object> arguments = new TreeMap<>(Map.of(
                "x-queue-type",
                "quorum",
                "x-delivery-limit",
                deliveryLimit,
                "x-max-length",
                maxLength,
                "x-overflow",
                "reject-publish",
                "x-dead-letter-exchange",
                DEAD,
                "x-dead-letter-strategy",
                "at-least-once"));
        if (singleActiveConsumer) {
            arguments.put("x-single-active-consumer", true);
        }
        return Collections.unmodifiableMap(arguments);
    }
}
