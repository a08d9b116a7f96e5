package chat.parley.e2e.table;

import chat.parley.e2e.Pace;
import chat.parley.e2e.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one run of one row ended.
 *
 * @param commit of the code, with a plus if it was changed since
 * @param seed with which it can be repeated
 * @param error what did not hold; null if all did
 * @param notRun why it was not run; null if it was
 * @param counts what was counted and not judged, by what it is
 */
record Result(
        int row,
        String name,
        String commit,
        Pace pace,
        long seed,
        Instant at,
        Duration took,
        @Nullable String error,
        @Nullable String notRun,
        List<Recovery> recoveries,
        Map<String, Long> counts) {

    /** Copies what it is given; older results have no counts. */
    Result {
        counts = counts == null ? Map.of() : Map.copyOf(counts);
    }

    boolean passed() {
        return error == null && notRun == null;
    }

    /** Whether it says something about this row at this pace. */
    boolean isOf(Row candidate, Pace atPace) {
        return row == candidate.number() && name.equals(candidate.name()) && pace == atPace;
    }
}
