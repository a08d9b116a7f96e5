package chat.parley.conversation.reply;

import chat.parley.conversation.history.StoreProbe;
import chat.parley.events.Topology;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
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
    // Moments are those of System.nanoTime.
    /** When the store came back after it was away; null if it never was. */
    private volatile @Nullable Long backSince;

    // What follows is used by the round alone.
    /** The first failed look of those that have all failed; null if the last one did not. */
    private @Nullable Long failingSince;
    /** Since when, as often as looked, others had the store that is away from here; null if they did not. */
    private @Nullable Long othersSince;

    StoreWatch(StoreProbe probe, Broker broker, ReplyProperties properties, Rounds rounds) {
        this.probe = probe;
        this.broker = broker;
        this.properties = properties;
        rounds.every(properties.probeEvery(), "look for the store", this::look);
    }

    /** Whether the store has taken nothing from this replica for so long that others may try. */
    boolean isAway() {
        return away;
    }

    /** Whether it is away from here, and another replica has had it for a while. */
    public boolean isElsewhere() {
        return elsewhere;
    }

    /** Calls this each time that the store is away from now on; it must not block. */
    void onAway(Runnable listener) {
        listeners.add(listener);
    }

    /** Whether the store came back to this replica less than this time ago. */
    boolean isBackSinceLessThan(Duration time) {
        Long since = backSince;
        return since != null && !passed(since, time);
    }

    private void look() {
        // It takes two looks that failed: while this process stands still it can't look, and has not lost anything.
        long start = System.nanoTime();
        if (probe.isTaken()) {
            comesBack();
            return;
        }
        if (failingSince == null) {
            failingSince = start;
        } else if (!away && passed(failingSince, properties.giveBackAfter())) {
            away = true;
            log.warn(
                    "Redis has taken nothing for {} s: the partitions are left to replicas that it takes something from",
                    properties.giveBackAfter().toSeconds());
            listeners.forEach(Runnable::run);
        }
        if (!away || !othersConsume()) {
            othersSince = null;
        } else if (othersSince == null) {
            othersSince = System.nanoTime();
        }
        elsewhere = othersSince != null && passed(othersSince, properties.sendAwayAfter());
    }

    private void comesBack() {
        failingSince = null;
        othersSince = null;
        elsewhere = false;
        if (away) {
            backSince = System.nanoTime();
            away = false;
            log.info("Redis takes writes again");
        }
    }

    private static boolean passed(long since, Duration time) {
        return System.nanoTime() - since >= time.toNanos();
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
