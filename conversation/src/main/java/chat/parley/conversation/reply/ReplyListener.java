package chat.parley.conversation.reply;

import chat.parley.conversation.history.Applied;
import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.Offer;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.conversation.history.Stopped.Abort;
import chat.parley.conversation.reply.EventPublisher.Sent;
import chat.parley.conversation.reply.QueueConsumer.Session;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.MalformedEventException;
import chat.parley.events.ReplyBatch;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ConversationTitled;
import chat.parley.events.ReplyEvent.LeaseCheck;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.Topology;
import com.rabbitmq.client.Delivery;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.amqp.AmqpException;
import org.springframework.stereotype.Component;

/**
 * Applies what the workers say, in the order of the partition, and does what follows from it. The store's answer is the
 * decision: a delivery may come twice, late, or to another replica.
 */
@Component
class ReplyListener {
    private static final Logger log = LoggerFactory.getLogger(ReplyListener.class);
    private static final String BURIED_TYPE = "reply-event";

    private final Broker broker;
    private final EventJson json;
    private final ReplyStore store;
    private final RequestPublisher requests;
    private final HeldReplies held;
    private final WorkerAborts workers;
    private final RequestQueues queues;
    private final EventPublisher events;
    private final MeterRegistry meters;

    ReplyListener(
            Broker broker,
            EventJson json,
            ReplyStore store,
            RequestPublisher requests,
            HeldReplies held,
            WorkerAborts workers,
            RequestQueues queues,
            EventPublisher events,
            MeterRegistry meters) {
        this.broker = broker;
        this.json = json;
        this.store = store;
        this.requests = requests;
        this.held = held;
        this.workers = workers;
        this.queues = queues;
        this.events = events;
        this.meters = meters;
    }

    /**
     * Handles deliveries of one partition. All their events are applied together, then all are acknowledged.
     *
     * @throws IOException if the channel was lost: it all comes again, and changes nothing then
     */
    void handle(int partition, List<Delivery> deliveries, Session session) throws IOException {
        List<Said> said = new ArrayList<>();
        Delivery last = null;
        for (Delivery delivery : deliveries) {
            Optional<ReplyBatch> batch = read(delivery);
            if (batch.isEmpty()) {
                count("malformed");
                session.reject(delivery);
                continue;
            }
            last = delivery;
            measureWay(delivery);
            Origin origin = new Origin(partition, DeadLetterReader.triesBefore(delivery.getProperties()));
            for (byte[] malformed : batch.get().malformed()) {
                count("malformed");
                bury(malformed, "Not an event of a known type", origin, session);
            }
            for (ReplyEvent event : batch.get().events()) {
                if (event.reply().shard() == partition) {
                    said.add(new Said(event, origin));
                } else {
                    count("misrouted");
                    bury(event, "Came by partition " + partition + ", not its own", origin, session);
                }
            }
        }
        apply(said, session);
        if (last != null) {
            session.acknowledgeUpTo(last);
        }
    }

    /** How long the message was under way, as exactly as its timestamp is: in seconds. */
    private void measureWay(Delivery delivery) {
        Date sent = delivery.getProperties().getTimestamp();
        if (sent != null) {
            meters.timer("parley.reply.way").record(Duration.between(sent.toInstant(), Instant.now()));
        }
    }

    private Optional<ReplyBatch> read(Delivery delivery) {
        try {
            return Optional.of(json.readReplies(delivery.getBody()));
        } catch (MalformedEventException e) {
            log.warn("A message of the reply queues is no list of events: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Where an event came from.
     *
     * @param triesBefore its message was replayed; 0 if it never was
     */
    private record Origin(int partition, int triesBefore) {}

    private record Said(ReplyEvent event, Origin origin) {}

    private void apply(List<Said> said, Session session) throws IOException {
        if (said.isEmpty()) {
            return;
        }
        List<ReplyEvent> all = said.stream().map(Said::event).toList();
        try {
            List<Applied> applied = session.insist(() -> store.apply(all, broker.isYoung()));
            for (int i = 0; i < applied.size(); i++) {
                follow(all.get(i), applied.get(i));
            }
        } catch (RefusedException e) {
            applyAlone(said, session);
        }
    }

    /** One of them makes the store's script fail: it is found and put aside, so that the others go on. */
    private void applyAlone(List<Said> said, Session session) throws IOException {
        for (Said one : said) {
            ReplyEvent event = one.event();
            try {
                follow(
                        event,
                        session.insist(() -> store.apply(List.of(event), broker.isYoung()))
                                .getFirst());
            } catch (RefusedException e) {
                log.error("The store can't apply an event of reply {}", event.reply(), e);
                count("refused");
                bury(event, "The store can't apply it", one.origin(), session);
            }
        }
    }

    private void bury(ReplyEvent event, String cause, Origin origin, Session session) throws IOException {
        bury(json.write(List.of(event)), cause, origin, session);
    }

    private void bury(byte[] body, String cause, Origin origin, Session session) throws IOException {
        String routingKey = Topology.partitionKey(origin.partition());
        var _ = session.insist(() -> {
            Sent sent = events.bury(body, BURIED_TYPE, cause, routingKey, origin.triesBefore());
            if (sent != Sent.CONFIRMED) {
                throw new AmqpException("The dead letter is " + sent);
            }
            return sent;
        });
    }

    private void follow(ReplyEvent event, Applied applied) {
        Outcome outcome = applied.outcome();
        count(outcome.name().toLowerCase(Locale.ROOT));
        requests.publish(applied.offers());
        if (applied.vacancy()) {
            held.admit(event.reply().userId());
        }
        switch (outcome) {
            case APPLIED -> {
                if (!(event instanceof ReplyDelta)) {
                    say(event, applied.offers());
                }
            }
            case FENCED, ENDED -> {
                Id worker = stillWorking(event);
                if (worker != null) {
                    workers.abort(new Abort(event.reply(), event.attempt(), worker));
                }
            }
            case GAP -> log.debug("Reply {} lacks a delta", event.reply());
            case REPEAT, NOTHING -> {}
        }
    }

    /** Who says this and has not ended the attempt by it; null if no one does. */
    private static @Nullable Id stillWorking(ReplyEvent event) {
        return switch (event) {
            case ReplyStarted started -> started.worker();
            case ReplyDelta delta -> delta.worker();
            case ReplyHeartbeat heartbeat -> heartbeat.worker();
            case ReplyCompleted _, AttemptFailed _, ConversationTitled _, RequestSeenAgain _, LeaseCheck _ -> null;
        };
    }

    /** One line for each turn that a reply takes, none for its text. */
    private void say(ReplyEvent event, List<Offer> offers) {
        try (MDC.MDCCloseable _ = MDC.putCloseable(
                        "conversationId", event.reply().conversationId().value());
                MDC.MDCCloseable _ =
                        MDC.putCloseable("replyId", event.reply().replyId().value())) {
            switch (event) {
                case ReplyStarted started -> {
                    queues.started(new Offer.Entry(event.reply(), event.attempt()));
                    log.info("Reply {}: worker {} runs attempt {}", event.reply(), started.worker(), event.attempt());
                }
                case ReplyCompleted _ -> log.info("Reply {}: completed by attempt {}", event.reply(), event.attempt());
                case AttemptFailed failed ->
                    log.warn(
                            "Reply {}: attempt {} failed: {}",
                            event.reply(),
                            event.attempt(),
                            failed.code().json());
                case LeaseCheck _ ->
                    log.warn("Reply {}: the worker of attempt {} is lost", event.reply(), event.attempt());
                case RequestSeenAgain _ -> {
                    if (!offers.isEmpty()) {
                        log.warn("Reply {}: attempt {} was never started", event.reply(), event.attempt());
                    }
                }
                case ReplyDelta _, ReplyHeartbeat _, ConversationTitled _ -> {}
            }
        }
    }

    private void count(String outcome) {
        meters.counter("parley.reply.events", "outcome", outcome).increment();
    }
}
