package chat.parley.assistant;

import chat.parley.events.ReplyName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The attempts that this worker has in hand, from taking the request to its ack. Thread-safe. */
final class RunningAttempts {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Map<Key, Attempt> running = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();

    /**
     * Makes an empty one.
     *
     * @param timer looks from time to time for whose wait is over
     */
    RunningAttempts(ScheduledExecutorService timer) {
        var _ = timer.scheduleWithFixedDelay(this::look, LOOK.toNanos(), LOOK.toNanos(), TimeUnit.NANOSECONDS);
    }

    private record Key(ReplyName reply, int attempt) {}

    /** One of them. Closed when its request is acked; waited for by one thread. */
    final class Attempt implements AutoCloseable {
        private final Key key;
        /** An empty one says only that the time may be over. */
        private final BlockingQueue<Optional<Signal>> signals = new LinkedBlockingQueue<>();
        /** When whoever waits gives up, in nanoTime; null while nobody waits. */
        private volatile @Nullable Long until;

        private Attempt(Key key) {
            this.key = key;
        }

        /** Tells it what happened. */
        void tell(Signal signal) {
            signals.add(Optional.of(signal));
        }

        /**
         * The next thing that happened; empty if nothing did in this time and up to {@link #LOOK} more. An alarm for
         * each wait, of which a stream has hundreds and none goes off, would be a tenth of what a worker does.
         */
        Optional<Signal> next(Duration time) throws InterruptedException {
            long end = System.nanoTime() + time.toNanos();
            until = end;
            while (true) {
                Optional<Signal> next = signals.take();
                // One that says that the time is over may be about an earlier wait.
                if (next.isPresent() || System.nanoTime() - end >= 0) {
                    until = null;
                    return next;
                }
            }
        }

        /** The same without the {@link #LOOK}, for a wait that mostly lasts. Only before the first other one. */
        Optional<Signal> pause(Duration time) throws InterruptedException {
            return Optional.ofNullable(signals.poll(time.toNanos(), TimeUnit.NANOSECONDS))
                    .flatMap(Function.identity());
        }

        private void look(long now) {
            @Nullable Long end = until;
            if (end != null && now - end >= 0) {
                signals.add(Optional.empty());
            }
        }

        @Override
        public void close() {
            running.remove(key, this);
            lock.lock();
            try {
                fewer.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Takes an attempt in hand; empty if this worker has the same one in hand already. */
    Optional<Attempt> begin(ReplyName reply, int attempt) {
        Attempt begun = new Attempt(new Key(reply, attempt));
        return running.putIfAbsent(begun.key, begun) == null ? Optional.of(begun) : Optional.empty();
    }

    /** Ends what this worker does for a reply up to this attempt. */
    void cancel(ReplyName reply, int attempt) {
        running.forEach((key, running) -> {
            if (key.reply().equals(reply) && key.attempt() <= attempt) {
                running.tell(new Signal.Cancelled());
            }
        });
    }

    /** Gives all back. */
    void drain() {
        running.values().forEach(attempt -> attempt.tell(new Signal.Drained()));
    }

    /** Tells whose wait is over; called from time to time. */
    void look() {
        long now = System.nanoTime();
        running.values().forEach(attempt -> attempt.look(now));
    }

    int count() {
        return running.size();
    }

    /** Waits until there are none; false if there still are some when the time is over. */
    boolean awaitNone(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (!running.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = fewer.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
