package chat.parley.conversation.reply;

import chat.parley.conversation.history.Applied;
import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.DeadLetterStore;
import chat.parley.conversation.history.DeadLetterStore.Bounds;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.conversation.reply.QueueConsumer.Session;
import chat.parley.events.EventJson;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import com.rabbitmq.client.Delivery;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Records what no one could handle, for {@link DeadLetters}. A request that comes this way has failed its workers again
 * and again: a strike for its reply.
 */
@Component
class DeadLetterListener implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterListener.class);
    private static final int PREFETCH = 20;

    private final EventJson json;
    private final ReplyStore store;
    private final DeadLetterStore letters;
    private final RequestPublisher requests;
    private final HeldReplies held;
    private final ReplyProperties properties;
    private final Bounds bounds;
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
        this.bounds = new Bounds(
                properties.deadLetters(), properties.deadLetterBodies().toBytes());
        this.meters = meters;
        this.consumer = new QueueConsumer(
                broker,
                new QueueConsumer.Settings(PREFETCH, PREFETCH, Duration.ZERO, properties.retryApply()),
                _ -> Topology.DEAD_QUEUE,
                this::handle);
    }

    private void handle(List<Delivery> deliveries, Session session) throws IOException {
        for (Delivery delivery : deliveries) {
            handle(delivery, session);
        }
        session.acknowledgeUpTo(deliveries.getLast());
    }

    private void handle(Delivery delivery, Session session) throws IOException {
        LetterContent content = LetterContent.read(json, delivery.getBody());
        if (content instanceof LetterContent.Request(ReplyRequested request)) {
            strike(request, session);
        }
        // What no listener would look at need not be kept for one.
        long mostBytes = Math.min(bounds.bytes(), EventJson.MAX_BYTES);
        DeadLetter letter = DeadLetterReader.read(delivery, content, mostBytes);
        var _ = session.insist(() -> letters.record(letter, delivery.getBody(), bounds));
        meters.counter("parley.dead.letters").increment();
        log.warn(
                "Dead letter {}: {} {} from {}, {} bytes, tried {} times: {}",
                letter.id(),
                letter.type(),
                letter.messageId(),
                letter.source(),
                letter.bytes(),
                letter.tries(),
                letter.cause());
    }

    private void strike(ReplyRequested request, Session session) throws IOException {
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
