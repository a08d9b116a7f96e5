package chat.parley.conversation.reply;

import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.events.Id;
import chat.parley.events.Topology;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what is recorded of a dead letter: what it is, where it came from, and how often it was tried. */
final class DeadLetterReader {
    /** How often a message was tried before it was replayed. */
    static final String TRIES = "x-parley-tries";

    private static final String FIRST_QUEUE = "x-first-death-queue";
    private static final String FIRST_REASON = "x-first-death-reason";
    private static final String DEATHS = "x-death";
    private static final String RETURNS = "x-delivery-count";
    private static final String DELIVERY_LIMIT = "x-delivery-limit";
    private static final int LONGEST = 200;
    private static final int MOST = 1_000_000;
    private static final int ID_BYTES = 8;

    private DeadLetterReader() {}

    /** @param mostBytes of a body that can be kept */
    static DeadLetter read(Delivery delivery, LetterContent content, long mostBytes) {
        BasicProperties properties = delivery.getProperties();
        Map<String, Object> headers = headers(properties);
        String source = source(delivery);
        Optional<Topology.Binding> way = way(source);
        List<Entry> subjects = content.subjects();
        Optional<Entry> subject = subjects.size() == 1 ? Optional.of(subjects.getFirst()) : Optional.empty();
        String cause = text(headers.get(EventPublisher.CAUSE));
        return new DeadLetter(
                id(content, source, delivery.getBody()),
                Instant.now(),
                text(properties.getType()),
                text(properties.getMessageId()),
                subject.map(Entry::reply).orElse(null),
                subject.map(Entry::attempt).orElse(null),
                source,
                way.map(Topology.Binding::exchange).orElse(""),
                way.map(Topology.Binding::routingKey).orElse(""),
                cause.isEmpty() ? text(headers.get(FIRST_REASON)) : cause,
                triesBefore(properties) + tries(headers, source),
                delivery.getBody().length,
                delivery.getBody().length <= mostBytes);
    }

    private static Map<String, Object> headers(BasicProperties properties) {
        return properties.getHeaders() == null ? Map.of() : properties.getHeaders();
    }

    /**
     * An attempt is asked for by one request, marked {@code again} or not. Of all else the very same bytes from the
     * same queue are the same letter.
     */
    private static Id id(LetterContent content, String source, byte[] body) {
        MessageDigest digest = sha256();
        if (content instanceof LetterContent.Request(var request)) {
            digest.update(utf8("request " + request.reply() + "/" + request.attempt()));
        } else {
            digest.update(utf8("message of " + source + "\n"));
            digest.update(body);
        }
        return new Id(HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As RabbitMQ says. Else by the routing key, which a dead letter keeps: no two queues have the same. */
    private static String source(Delivery delivery) {
        String queue = text(headers(delivery.getProperties()).get(FIRST_QUEUE));
        return queue.isEmpty()
                ? Topology.bindings().stream()
                        .filter(binding -> !binding.exchange().equals(Topology.DEAD))
                        .filter(binding -> binding.routingKey()
                                .equals(delivery.getEnvelope().getRoutingKey()))
                        .map(Topology.Binding::queue)
                        .findFirst()
                        .orElse("")
                : queue;
    }

    private static Optional<Topology.Binding> way(String queue) {
        return Topology.bindings().stream()
                .filter(binding -> binding.queue().equals(queue))
                .findFirst();
    }

    /** How often a message was tried before it was replayed; 0 if it never was. */
    static int triesBefore(BasicProperties properties) {
        return number(headers(properties).get(TRIES));
    }

    /**
     * Deliveries as far as the broker tells of them. It counts how often a message came back to its queue; one that
     * came back too often has been delivered once more than the queue allows.
     */
    private static int tries(Map<String, Object> headers, String source) {
        int deliveries = number(headers.get(RETURNS)) + 1;
        if (text(headers.get(FIRST_REASON)).equals("delivery_limit")) {
            deliveries = Math.max(deliveries, deliveryLimit(source) + 1);
        }
        return Math.max(deliveries, deaths(headers));
    }

    private static int deliveryLimit(String queue) {
        return Topology.queues().stream()
                .filter(one -> one.name().equals(queue))
                .map(one -> number(one.arguments().get(DELIVERY_LIMIT)))
                .findFirst()
                .orElse(0);
    }

    private static int deaths(Map<String, Object> headers) {
        if (!(headers.get(DEATHS) instanceof List<?> deaths)) {
            return 0;
        }
        return number(deaths.stream()
                .mapToLong(death -> death instanceof Map<?, ?> table ? number(table.get("count")) : 0)
                .sum());
    }

    /** A count, whatever a foreign header says: so small that no sum of them overflows. */
    private static int number(@Nullable Object header) {
        return header instanceof Number number ? Math.clamp(number.longValue(), 0, MOST) : 0;
    }

    /** A header as it may be shown and sent: short, on one line, one byte a character. */
    private static String text(@Nullable Object header) {
        if (header == null) {
            return "";
        }
        String line = header.toString().replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST);
    }
}
