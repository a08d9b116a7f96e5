package chat.parley.e2e.table;

import chat.parley.e2e.Pace;
import chat.parley.e2e.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one run of one row ended.
 *
 * @param commit of the code, with a plus if it was changed since
 * @param seed with which it can be repeated
 * @param error what did not hold; null if all did
 * @param notRun why it was not run; null if it was
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
        List<Recovery> recoveries) {

    boolean passed() {
        return error == null && notRun == null;
    }

    /** Whether it says something about this row on this commit, at this pace. */
    boolean isOf(Row candidate, String ofCommit, Pace atPace) {
        return row == candidate.number() && name.equals(candidate.name()) && commit.equals(ofCommit) && pace == atPace;
    }
}
