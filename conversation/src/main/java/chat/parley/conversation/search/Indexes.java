package chat.parley.conversation.search;

import chat.parley.events.Id;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/** The indexes that are in memory. One user's is used by one search at a time. */
final class Indexes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Indexes.class);

    /**
     * Searches of one user that may wait for another one of his: a new key press asks before the last one is answered.
     */
    private static final int MOST_WAITING = 3;

    private final DataSize memory;
    private final Duration idle;
    private final Map<Id, Slot> slots = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("search-idle").factory());

    Indexes(DataSize memory, Duration idle) {
        this.memory = memory;
        this.idle = idle;
        long period = Math.max(1, idle.toMillis() / 4);
        var _ = clock.scheduleWithFixedDelay(this::dropIdle, period, period, TimeUnit.MILLISECONDS);
    }

    /** The place of one user's index. Only who has taken it may use what is in it. */
    static final class Slot {
        private final Id userId;
        private final Semaphore turn = new Semaphore(1, true);
        private @Nullable PersonIndex index;
        private volatile long usedAt;
        private volatile long bytes;

        private Slot(Id userId) {
            this.userId = userId;
        }

        Id userId() {
            return userId;
        }

        /** Null if there is none now. */
        @Nullable
        PersonIndex index() {
            return index;
        }

        void keep(PersonIndex made) {
            index = made;
        }

        /** Lets go of the index, if there is one. */
        void drop() {
            PersonIndex dropped = index;
            index = null;
            bytes = 0;
            if (dropped != null) {
                try {
                    dropped.close();
                } catch (IOException | RuntimeException e) {
                    log.warn("An index of a search could not be closed; its memory is let go of all the same", e);
                }
            }
        }
    }

    /**
     * Waits until no other search uses the index of a user. Whoever has taken it gives it back by {@link #release}.
     *
     * @throws chat.parley.conversation.history.RefusedException UNAVAILABLE if others of this user wait already, or it
     *     takes too long
     */
    Slot take(Id userId, Deadline end) {
        try {
            while (true) {
                Slot slot = slots.computeIfAbsent(userId, Slot::new);
                // Whoever waits holds a place that all calls have to share.
                if (slot.turn.getQueueLength() >= MOST_WAITING
                        || !slot.turn.tryAcquire(end.left(), TimeUnit.NANOSECONDS)) {
                    throw Search.tooLong(new TimeoutException("other searches of this user"));
                }
                if (slots.get(userId) == slot) {
                    return slot;
                }
                // It was dropped while we waited.
                slot.turn.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Search.tooLong(e);
        }
    }

    /** Gives back what was taken, and makes room if all take too much. */
    void release(Slot slot) {
        try {
            PersonIndex index = slot.index;
            slot.usedAt = System.nanoTime();
            slot.bytes = index == null ? 0 : index.bytes();
            if (index == null) {
                slots.remove(slot.userId, slot);
            }
        } catch (IOException | RuntimeException e) {
            log.warn("An index of a search could not be measured, and is dropped", e);
            slot.drop();
            slots.remove(slot.userId, slot);
        } finally {
            slot.turn.release();
        }
        makeRoom(slot);
    }

    private void makeRoom(Slot last) {
        if (bytes() <= memory.toBytes()) {
            return;
        }
        record Used(Slot slot, long at) {}

        // What others change meanwhile can't be sorted by.
        slots.values().stream()
                .map(slot -> new Used(slot, slot.usedAt))
                .sorted(Comparator.comparingLong(Used::at))
                .map(Used::slot)
                .filter(slot -> slot != last)
                .takeWhile(_ -> bytes() > memory.toBytes())
                .forEach(this::tryDrop);
    }

    private void dropIdle() {
        long now = System.nanoTime();
        for (Slot slot : slots.values()) {
            if (now - slot.usedAt > idle.toNanos()) {
                tryDrop(slot);
            }
        }
    }

    /** Not while it is in use. */
    private void tryDrop(Slot slot) {
        if (slot.turn.tryAcquire()) {
            try {
                slot.drop();
                slots.remove(slot.userId, slot);
            } finally {
                slot.turn.release();
            }
        }
    }

    /** How many users have one. */
    int users() {
        return slots.size();
    }

    /** What all take. */
    long bytes() {
        return slots.values().stream().mapToLong(slot -> slot.bytes).sum();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        slots.values().forEach(this::tryDrop);
    }
}
