package chat.parley.e2e.table;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Numbers that should stay as they are, read again and again, and how fast they grow in the second half of the time.
 */
final class Growth {
    /** More than this is a leak, in percent an hour. */
    private static final double LIMIT = 5;
    /** Fewer points in the second half say nothing. */
    private static final int FEWEST = 10;
    /** The share of the first half's values that is compared with. */
    private static final double MOSTLY = 0.9;

    private final List<Point> points = new ArrayList<>();

    private record Point(Duration at, Map<String, Double> values) {}

    /**
     * The growth of one number.
     *
     * @param name of the number
     * @param first mean of the first half
     * @param second mean of the second half
     * @param slope of the least-squares line through the second half, in percent of its mean an hour
     * @param error the slope's standard error, in the same unit
     * @param higher whether the line ends above nine of ten values of the first half
     */
    record Line(String name, double first, double second, double slope, double error, boolean higher) {
        /**
         * Whether it grows faster than the limit, beyond what chance explains (two standard errors), and not only back
         * to where it was: what is kept for later, such as channels, is fewer after a connection broke.
         */
        boolean isLeak() {
            return higher && slope - 2 * error > LIMIT;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-28s first half %8.1f, second half %8.1f, %+.1f ± %.1f %% an hour",
                    name,
                    first,
                    second,
                    slope,
                    error);
        }
    }

    /**
     * Adds what was read.
     *
     * @param at since the beginning
     * @param values by name, the same names each time
     */
    void add(Duration at, Map<String, Double> values) {
        points.add(new Point(at, new TreeMap<>(values)));
    }

    /** All numbers, in the order of their names; none if there are too few points. */
    List<Line> lines() {
        int half = points.size() / 2;
        if (points.size() - half < FEWEST) {
            return List.of();
        }
        return points.getFirst().values().keySet().stream()
                .map(name -> line(name, points.subList(0, half), points.subList(half, points.size())))
                .toList();
    }

    private static Line line(String name, List<Point> first, List<Point> second) {
        double[] hours = second.stream()
                .mapToDouble(point ->
                        point.at().toMillis() / (double) Duration.ofHours(1).toMillis())
                .toArray();
        double[] values = values(name, second);
        double meanHour = mean(hours);
        double mean = mean(values);
        int count = values.length;
        double spread = IntStream.range(0, count)
                .mapToDouble(i -> square(hours[i] - meanHour))
                .sum();
        double slope = IntStream.range(0, count)
                        .mapToDouble(i -> (hours[i] - meanHour) * (values[i] - mean))
                        .sum()
                / spread;
        double rest = IntStream.range(0, count)
                .mapToDouble(i -> square(values[i] - mean - slope * (hours[i] - meanHour)))
                .sum();
        double error = Math.sqrt(rest / (count - 2) / spread);
        double unit = mean == 0 ? 1 : mean / 100; // of nothing there is no percentage
        double[] before = values(name, first);
        double end = mean + slope * (hours[count - 1] - meanHour);
        return new Line(name, mean(before), mean, slope / unit, error / unit, end > mostlyBelow(before));
    }

    private static double[] values(String name, List<Point> points) {
        return points.stream().mapToDouble(point -> point.values().get(name)).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    /** What nine of ten values do not exceed, so that a single high one says nothing. */
    private static double mostlyBelow(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return sorted[(int) (MOSTLY * (sorted.length - 1))];
    }

    private static double square(double value) {
        return value * value;
    }
}
