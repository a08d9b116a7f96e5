package chat.parley.conversation.search;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Until when somebody waits for a search.
 *
 * @param at as {@link System#nanoTime}
 */
record Deadline(long at) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Nanoseconds until then; 0 if it is over. */
    long left() {
        return Math.max(0, at - System.nanoTime());
    }

    /**
     * Ends what nobody waits for.
     *
     * @throws chat.parley.conversation.history.RefusedException UNAVAILABLE if it is over
     */
    void check() {
        if (left() == 0) {
            throw Search.tooLong(new TimeoutException("nobody waits for it any more"));
        }
    }
}
