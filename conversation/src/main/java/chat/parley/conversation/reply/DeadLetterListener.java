package chat.parley.conversation.reply;

import chat.parley.conversation.history.Applied;
import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.DeadLetterStore;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.conversation.reply.QueueConsumer.Session;
import chat.parley.events.EventJson;
import chat.parley.events.MalformedEventException;
import chat.parley.events.RequestEvent;
import chat.parley.events.Topology;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Records what no one could handle, without its texts. A request that comes this way has failed its workers again and
 * again: a strike for its reply.
 */
@Component
class DeadLetterListener implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterListener.class);
    private static final int PREFETCH = 20;
    private static final String FIRST_QUEUE = "x-first-death-queue";
    private static final String FIRST_REASON = "x-first-death-reason";
    private static final int LONGEST = 200;

    private final EventJson json;
    private final ReplyStore store;
    private final DeadLetterStore letters;
    private final RequestPublisher requests;
    private final HeldReplies held;
    private final ReplyProperties properties;
    private final MeterRegistry meters;
    private final QueueConsumer consumer;
    private volatile boolean running;

    DeadLetterListener(
            Broker broker,
            EventJson json,
            ReplyStore store,
            DeadLetterStore letters,
            RequestPublisher requests,
            HeldReplies held,
            ReplyProperties properties,
            MeterRegistry meters) {
        this.json = json;
        this.store = store;
        this.letters = letters;
        this.requests = requests;
        this.held = held;
        this.properties = properties;
        this.meters = meters;
        this.consumer = new QueueConsumer(
                broker,
                new QueueConsumer.Settings(PREFETCH, PREFETCH, Duration.ZERO, properties.retryApply()),
                _ -> Topology.DEAD_QUEUE,
                this::handle);
    }

    private void handle(List<Delivery> deliveries, Session session) throws IOException {
        List<DeadLetter> recorded = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            Optional<RequestEvent> request = request(delivery);
            if (request.isPresent()) {
                strike(request.get(), session);
            }
            DeadLetter letter = letter(delivery);
            meters.counter("parley.dead.letters").increment();
            log.warn(
                    "Dead letter {} {} from {}: {} ({} bytes)",
                    letter.type(),
                    letter.messageId(),
                    letter.source(),
                    letter.cause(),
                    letter.bytes());
            recorded.add(letter);
        }
        var _ = session.insist(() -> {
            letters.record(recorded, properties.deadLetters());
            return recorded;
        });
        session.acknowledgeUpTo(deliveries.getLast());
    }

    private Optional<RequestEvent> request(Delivery delivery) {
        try {
            return Optional.of(json.readRequest(delivery.getBody()));
        } catch (MalformedEventException e) {
            return Optional.empty();
        }
    }

    private void strike(RequestEvent request, Session session) throws IOException {
        Entry entry = new Entry(request.reply(), request.attempt());
        Applied applied = session.insist(() -> store.dead(entry));
        if (applied.outcome() == Outcome.APPLIED) {
            log.warn("Reply {}: attempt {} came to the dead letters", request.reply(), request.attempt());
        }
        requests.publish(applied.offers());
        if (applied.vacancy()) {
            held.admit(request.reply().userId());
        }
    }

    private static DeadLetter letter(Delivery delivery) {
        BasicProperties properties = delivery.getProperties();
        Map<String, Object> headers = properties.getHeaders() == null ? Map.of() : properties.getHeaders();
        String cause = text(headers.get(EventPublisher.CAUSE));
        return new DeadLetter(
                Instant.now(),
                text(properties.getType()),
                text(properties.getMessageId()),
                text(headers.get(FIRST_QUEUE)),
                cause.isEmpty() ? text(headers.get(FIRST_REASON)) : cause,
                delivery.getBody().length);
    }

    /** A header as it may be shown: short, on one line. */
    private static String text(@Nullable Object header) {
        if (header == null) {
            return "";
        }
        String line = header.toString().replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST);
    }

    @Override
    public void start() {
        running = true;
        consumer.start();
    }

    @Override
    public void stop() {
        running = false;
        QueueConsumer.stop(List.of(consumer), properties.stopBudget());
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
