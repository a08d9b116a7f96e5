package chat.parley.e2e;

import java.time.Duration;

/** Whether outages, leases and time-outs have the length that they have in life. */
public enum Pace {
    /** As delivered, and as the table of faults says. */
    REAL,
    /** Shorter, by settings, so that a row takes seconds. */
    SHRUNK;

    /** One of two lengths. */
    public Duration of(Duration real, Duration shrunk) {
        return this == REAL ? real : shrunk;
    }
}
