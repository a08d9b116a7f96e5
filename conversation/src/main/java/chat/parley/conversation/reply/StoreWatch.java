package chat.parley.conversation.reply;

import chat.parley.conversation.history.StoreProbe;
import chat.parley.events.Topology;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Knows whether this replica has the store. One that has lost it for {@code parley.reply.give-back-after} leaves the
 * partitions to replicas that have it; and where there are such, its sockets are to go there, too.
 */
@Component
public class StoreWatch {
    private static final Logger log = LoggerFactory.getLogger(StoreWatch.class);

    private final StoreProbe probe;
    private final Broker broker;
    private final ReplyProperties properties;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean away;
    private volatile boolean elsewhere;
    /** By {@link System#nanoTime}; used by the round alone. */
    private long takenAt = System.nanoTime();

    StoreWatch(StoreProbe probe, Broker broker, ReplyProperties properties, Rounds rounds) {
        this.probe = probe;
        this.broker = broker;
        this.properties = properties;
        rounds.every(properties.probeEvery(), "look for the store", this::look);
    }

    /** Whether the store has taken nothing from this replica for so long that others may try. */
    public boolean isAway() {
        return away;
    }

    /** Whether it is away from here, and another replica has it. */
    public boolean isElsewhere() {
        return elsewhere;
    }

    /** Calls this each time that the store is away from now on; it must not block. */
    void onAway(Runnable listener) {
        listeners.add(listener);
    }

    private void look() {
        if (probe.isTaken()) {
            takenAt = System.nanoTime();
            if (away) {
                elsewhere = false;
                away = false;
                log.info("Redis takes writes again");
            }
            return;
        }
        Duration lostFor = Duration.ofNanos(System.nanoTime() - takenAt);
        if (!away && lostFor.compareTo(properties.giveBackAfter()) >= 0) {
            away = true;
            log.warn(
                    "Redis has taken nothing for {} s: the partitions are left to replicas that it takes something from",
                    lostFor.toSeconds());
            listeners.forEach(Runnable::run);
        }
        elsewhere = away && lostFor.compareTo(properties.sendAwayAfter()) >= 0 && othersConsume();
    }

    /** Who consumes a reply queue has the store; this replica, and any other without it, consumes none. */
    private boolean othersConsume() {
        int any = ThreadLocalRandom.current().nextInt(Topology.SHARDS);
        try {
            return broker.hasConsumer(Topology.replyQueue(any));
        } catch (IOException | ShutdownSignalException e) {
            log.debug("Not known who has the store", e);
            return false;
        }
    }
}
