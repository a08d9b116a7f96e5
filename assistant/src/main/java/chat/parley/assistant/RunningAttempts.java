package chat.parley.assistant;

import chat.parley.events.ReplyName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The attempts that this worker has in hand, from taking the request to its ack. Thread-safe. */
final class RunningAttempts {
    private final Map<Key, Attempt> running = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();

    private record Key(ReplyName reply, int attempt) {}

    /** One of them. Closed when its request is acked. */
    final class Attempt implements AutoCloseable {
        private final Key key;
        private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

        private Attempt(Key key) {
            this.key = key;
        }

        /** Tells it what happened. */
        void tell(Signal signal) {
            signals.add(signal);
        }

        /** The next thing that happened; empty if nothing did in this time. */
        Optional<Signal> next(Duration time) throws InterruptedException {
            return Optional.ofNullable(signals.poll(time.toNanos(), TimeUnit.NANOSECONDS));
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
