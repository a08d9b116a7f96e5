package chat.parley.assistant;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Grants so many turns a second, in the order in which they are asked for. Turns that nobody asked for are kept for a
 * tenth of a second, so that whoever comes now and then never waits. Thread-safe.
 */
final class Pacer {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int KEPT_PART_OF_A_SECOND = 10;

    private final long nanosPerTurn;
    private final long nanosKept;
    private final LongSupplier nanoTime;
    /** When the last turn that was taken became due, or will. */
    private long lastDue;

    Pacer(int turnsPerSecond, LongSupplier nanoTime) {
        this.nanosPerTurn = SECOND / turnsPerSecond;
        this.nanosKept = Math.max(nanosPerTurn, SECOND / KEPT_PART_OF_A_SECOND);
        this.nanoTime = nanoTime;
        this.lastDue = nanoTime.getAsLong() - nanosKept;
    }

    /** Takes the next turn; how long until it is due, zero if it is. */
    synchronized Duration take() {
        long now = nanoTime.getAsLong();
        if (now - lastDue > nanosKept) {
            lastDue = now - nanosKept;
        }
        lastDue += nanosPerTurn;
        return Duration.ofNanos(Math.max(0, lastDue - now));
    }
}
