package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Durations of the same thing, done many times. */
final class Sample {
    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final long[] sortedNanos;

    private Sample(long[] sortedNanos) {
        this.sortedNanos = sortedNanos;
    }

    static Sample of(Collection<Duration> durations) {
        long[] nanos = durations.stream().mapToLong(Duration::toNanos).sorted().toArray();
        if (nanos.length == 0) {
            throw new IllegalArgumentException("A sample has at least one duration");
        }
        return new Sample(nanos);
    }

    /** The smallest duration that at least this share of all does not exceed (nearest rank), in milliseconds. */
    double percentile(double share) {
        int rank = (int) Math.ceil(share * sortedNanos.length);
        return sortedNanos[Math.clamp(rank - 1L, 0, sortedNanos.length - 1)] / NANOS_PER_MILLISECOND;
    }

    /** How much of it took no longer than so many milliseconds, of 1. */
    double shareUpTo(double milliseconds) {
        return (double) Arrays.stream(sortedNanos)
                        .filter(nanos -> nanos <= milliseconds * NANOS_PER_MILLISECOND)
                        .count()
                / size();
    }

    int size() {
        return sortedNanos.length;
    }

    /** The columns of {@link #figures}: calls, and p50, p95, p99 and worst in milliseconds. */
    static List<Column> columns() {
        List<Column> columns = new ArrayList<>(List.of(Column.of("calls", 0)));
        columns.addAll(Report.columns("ms", 2, "p50", "p95", "p99", "worst"));
        return columns;
    }

    List<Double> figures() {
        return List.of((double) size(), percentile(0.5), percentile(0.95), percentile(0.99), percentile(1));
    }
}
