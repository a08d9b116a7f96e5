package chat.parley.bench;

import static java.lang.Double.NaN;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Pauses that garbage collectors made: while one lasts, its process does nothing else.
 *
 * @param each of them
 * @param processes that made them
 * @param within how long all of these were looked at
 */
record Pauses(List<Duration> each, int processes, Duration within) {
    private static final double NANOS_PER_MILLISECOND = 1e6;
    private static final double THOUSAND = 1000;
    private static final double PERCENT = 100;

    /** The columns of {@link #figures}. */
    static List<Column> columns() {
        List<Column> columns = new ArrayList<>(List.of(Column.of("pauses", 0)));
        columns.addAll(Report.columns("ms", 2, "p50", "longest", "for 1,000 tokens"));
        columns.add(new Column("share of the time", "%", 2));
        return columns;
    }

    /**
     * How many, their median, the longest, the sum for a thousand tokens, and the share of the time that a process
     * stood still.
     *
     * @param tokens that came meanwhile
     */
    List<Double> figures(double tokens) {
        double p50 = each.isEmpty() ? NaN : Sample.of(each).percentile(0.5);
        double longest = each.isEmpty() ? NaN : Sample.of(each).percentile(1);
        double sum = each.stream().mapToLong(Duration::toNanos).sum() / NANOS_PER_MILLISECOND;
        return List.of(
                (double) each.size(),
                p50,
                longest,
                sum / (tokens / THOUSAND),
                PERCENT * sum / (within.toNanos() / NANOS_PER_MILLISECOND * processes));
    }
}
