package chat.parley.assistant;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Grants so many turns a second. Turns that were not taken are kept for a tenth of a second, so that whoever comes now
 * and then never waits. Thread-safe.
 */
final class Pacer {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int KEPT_PART_OF_A_SECOND = 10;

    private final long nanosPerTurn;
    private final long nanosKept;
    private final LongSupplier nanoTime;
    /** When the oldest turn that was not taken became due. */
    private long dueSince;

    Pacer(int turnsPerSecond, LongSupplier nanoTime) {
        this.nanosPerTurn = SECOND / turnsPerSecond;
        this.nanosKept = Math.max(nanosPerTurn, SECOND / KEPT_PART_OF_A_SECOND);
        this.nanoTime = nanoTime;
        this.dueSince = nanoTime.getAsLong() - nanosKept;
    }

    /** Takes a turn if one is due. */
    synchronized boolean tryTake() {
        long now = nanoTime.getAsLong();
        if (now - dueSince > nanosKept) {
            dueSince = now - nanosKept;
        }
        if (now - dueSince < nanosPerTurn) {
            return false;
        }
        dueSince += nanosPerTurn;
        return true;
    }

    /** How long until a turn is due; zero if one is. */
    synchronized Duration untilNext() {
        return Duration.ofNanos(Math.max(0, dueSince + nanosPerTurn - nanoTime.getAsLong()));
    }
}
