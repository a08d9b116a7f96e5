package chat.parley.conversation.reply;

import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.conversation.history.ReplyStore.Offered;
import chat.parley.events.Topology;
import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.stereotype.Component;

/**
 * Looks at the request queues: how many requests wait, and whether one that the broker had confirmed is lost, because
 * its queue can't hold it any more. A lost one goes back to the outbox. That a queue is long, or grows, proves nothing.
 */
@Component
class RequestQueues {
    private static final Logger log = LoggerFactory.getLogger(RequestQueues.class);
    private static final int MOST_PER_SHARD = 100;
    private static final int NOT_FOUND = 404;

    private final Broker broker;
    private final ReplyStore store;
    private final AssistantStatus status;
    private final QueuePlaces places;
    private final ReplyProperties properties;
    private final EmptyLooks any;
    private final EmptyLooks solo;
    private volatile Map<Entry, Instant> waiting = Map.of();
    /** When the broker had confirmed the latest request that has started since. */
    private volatile Instant started = Instant.MIN;

    private final Counter looks;
    private final Counter lost;
    private @Nullable Channel channel;

    RequestQueues(
            Broker broker,
            ReplyStore store,
            AssistantStatus status,
            QueuePlaces places,
            ReplyProperties properties,
            Rounds rounds,
            MeterRegistry meters) {
        this.broker = broker;
        this.store = store;
        this.status = status;
        this.places = places;
        this.properties = properties;
        this.any = new EmptyLooks(properties.lostAfter());
        this.solo = new EmptyLooks(properties.lostAfter());
        this.looks = meters.counter("parley.requests.looks");
        this.lost = meters.counter("parley.requests.lost");
        rounds.every(properties.queuesEvery(), "look at the request queues", this::look);
    }

    /** Says that a worker has started an attempt: what was confirmed well before it should have started, too. */
    void started(Entry entry) {
        Instant confirmedAt = waiting.get(entry);
        // A later attempt may have lost workers and come from the solo queue, which says nothing of the other one.
        if (confirmedAt != null && entry.attempt() <= properties.soloFrom()) {
            synchronized (this) {
                started = confirmedAt.isAfter(started) ? confirmedAt : started;
            }
        }
    }

    private void look() {
        Optional<Broker.Link> link = broker.consuming();
        if (link.isEmpty()) {
            places.forget();
            return;
        }
        // The time first: what is found afterwards is younger than it.
        Optional<Instant> now = now();
        try {
            Channel open = open(link.get());
            DeclareOk anyQueue = open.queueDeclarePassive(Topology.REQUEST_QUEUE);
            DeclareOk soloQueue = open.queueDeclarePassive(Topology.SOLO_QUEUE);
            status.waiting(anyQueue.getMessageCount() + soloQueue.getMessageCount());
            now.ifPresent(at -> {
                any.found(open.getConnection(), at, isEmpty(anyQueue));
                solo.found(open.getConnection(), at, isEmpty(soloQueue));
            });
        } catch (IOException | AlreadyClosedException e) {
            failed(e);
            return;
        }
        if (now.isPresent()) {
            offerLostOnesAgain();
        }
        looks.increment();
    }

    private Optional<Instant> now() {
        try {
            return Optional.of(store.now());
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    private Channel open(Broker.Link link) throws IOException {
        Channel open = channel;
        if (open != null && open.isOpen()) {
            return open;
        }
        open = link.connection().createChannel();
        if (open == null) {
            throw new IOException("The connection has no channel left");
        }
        channel = open;
        return open;
    }

    private static boolean isEmpty(DeclareOk queue) {
        return queue.getConsumerCount() > 0 && queue.getMessageCount() == 0;
    }

    private void failed(Exception e) {
        if (broker.consuming().isPresent() && QueueConsumer.replyCode(e) == NOT_FOUND) {
            log.warn("A request queue is gone; what it held is offered again when there is a new one");
            try {
                broker.declareTopology();
            } catch (AmqpException again) {
                log.warn("The request queue can't be declared: {}", again.getMessage());
            }
        }
    }

    private void offerLostOnesAgain() {
        List<Offered> offered = store.offered(MOST_PER_SHARD);
        Map<Entry, Instant> now = new HashMap<>();
        offered.forEach(one -> now.put(one.entry(), one.confirmedAt()));
        waiting = now;
        places.found(offered);
        Instant overtaken = started.equals(Instant.MIN) ? Instant.MIN : started.minus(properties.overtakenBy());
        Instant anyLost = any.lostBefore().isAfter(overtaken) ? any.lostBefore() : overtaken;
        Instant soloLost = solo.lostBefore();
        for (Offered one : offered) {
            boolean again =
                    one.confirmedAt().isBefore(anyLost) && store.reoffer(one.entry(), 0, properties.soloFrom() - 1);
            again |= one.confirmedAt().isBefore(soloLost)
                    && store.reoffer(one.entry(), properties.soloFrom(), Integer.MAX_VALUE);
            if (again) {
                lost.increment();
                log.warn("Request {} is in no queue any more; it is offered again", one.entry());
            }
        }
    }
}
