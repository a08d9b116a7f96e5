package chat.parley.bench.report;

import java.util.List;

/**
 * A picture of numbers: lines over one axis, which both begin at zero.
 *
 * @param title what is shown, with its unit
 * @param over what the axis below counts
 * @param lines at most four, so that they are told apart
 */
public record Chart(String title, String over, List<Line> lines) {
    static final int MOST_LINES = 4;

    /** Checks what it is given. */
    public Chart {
        lines = List.copyOf(lines);
        if (lines.size() > MOST_LINES) {
            throw new IllegalArgumentException(lines.size() + " lines are more than " + MOST_LINES);
        }
    }

    /**
     * One line.
     *
     * @param points from left to right
     */
    public record Line(String name, List<Point> points) {}

    /**
     * A point.
     *
     * @param x not negative
     * @param y not negative
     */
    public record Point(double x, double y) {}
}
