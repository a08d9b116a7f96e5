package chat.parley.conversation.reply;

import chat.parley.conversation.history.Offer;
import chat.parley.conversation.history.PathReader;
import chat.parley.conversation.history.PathReader.Context;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.conversation.reply.EventPublisher.Sent;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Publishes the requests whose outbox entries this replica holds, and settles the entries. Whatever goes wrong, the
 * entry's lease ends and a sweeper takes it up.
 */
@Component
class RequestPublisher {
    private static final Logger log = LoggerFactory.getLogger(RequestPublisher.class);

    private final Broker broker;
    private final EventPublisher events;
    private final PathReader paths;
    private final ReplyStore store;
    private final ReplyProperties properties;
    private final MeterRegistry meters;
    private final Semaphore turns;

    RequestPublisher(
            Broker broker,
            EventPublisher events,
            PathReader paths,
            ReplyStore store,
            ReplyProperties properties,
            MeterRegistry meters) {
        this.broker = broker;
        this.events = events;
        this.paths = paths;
        this.store = store;
        this.properties = properties;
        this.meters = meters;
        this.turns = new Semaphore(properties.maxPublishes());
    }

    /** Publishes each of them on a thread of its own; the caller waits for nothing. */
    void publish(List<Offer> offers) {
        for (Offer offer : offers) {
            Thread.ofVirtual().name("publish").start(() -> publish(offer));
        }
    }

    private void publish(Offer offer) {
        try {
            Sent sent = send(offer);
            if (sent == null) {
                return;
            }
            meters.counter("parley.requests.published", "result", sent.name().toLowerCase(Locale.ROOT))
                    .increment();
            switch (sent) {
                case CONFIRMED -> store.confirmed(offer.entry());
                case UNSENT -> store.unsent(offer.entry());
                case UNKNOWN -> log.info("Not known whether the request {} arrived; it is sent again", offer.entry());
            }
        } catch (RefusedException e) {
            log.info("The store can't be reached; the request {} is left to the sweeper", offer.entry());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // What is stored of it is broken. Its words may be in the exception's.
            log.error(
                    "The request {} can't be made: {}",
                    offer.entry(),
                    e.getClass().getName());
        }
    }

    /** Sends one request; null if there is nothing to ask any more. */
    private @Nullable Sent send(Offer offer) throws InterruptedException {
        if (!broker.canPublish() || !turns.tryAcquire(properties.publishWait().toMillis(), TimeUnit.MILLISECONDS)) {
            return Sent.UNSENT;
        }
        try {
            Optional<Context> context =
                    paths.context(offer.entry(), (int) properties.requestText().toBytes());
            if (context.isEmpty()) {
                return null;
            }
            String routingKey = offer.lostWorkers() >= properties.soloFrom() ? Topology.SOLO : Topology.ANY;
            return events.request(request(offer, context.get()), routingKey);
        } finally {
            turns.release();
        }
    }

    private static ReplyRequested request(Offer offer, Context context) {
        return new ReplyRequested(
                offer.reply(),
                offer.attempt(),
                offer.again(),
                absentIfEmpty(context.model()),
                absentIfEmpty(context.systemPrompt()),
                context.messages(),
                context.lacksTitle());
    }

    private static @Nullable String absentIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
