package chat.parley.e2e.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Guards what a client knows, lets tests wait for it, and keeps what was found wrong until someone looks. */
final class Monitor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Throwable> violations = new ArrayList<>();

    /** Runs a change; what it throws is kept and breaks every later wait. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
        } catch (RuntimeException | AssertionError e) {
            violations.add(e);
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    <T> T read(Supplier<T> reading) {
        lock.lock();
        try {
            return reading.get();
        } finally {
            lock.unlock();
        }
    }

    /** Returns once the condition holds; fails if it doesn't in time, or if anything was found wrong. */
    void await(String what, Duration limit, BooleanSupplier condition, Supplier<String> otherwise) {
        long deadline = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                check();
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("Not within " + limit + ": " + what + "; " + otherwise.get());
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            check();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for: " + what, e);
        } finally {
            lock.unlock();
        }
    }

    /** Fails if anything was found wrong. */
    void check() {
        lock.lock();
        try {
            if (!violations.isEmpty()) {
                AssertionError failure =
                        new AssertionError(violations.getFirst().getMessage(), violations.getFirst());
                violations.stream().skip(1).forEach(failure::addSuppressed);
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }
}
