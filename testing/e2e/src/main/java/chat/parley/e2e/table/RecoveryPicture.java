package chat.parley.e2e.table;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Each recovery a dot on a line of seconds, as SVG that follows the reader's light or dark. */
final class RecoveryPicture {
    private static final int WIDTH = 800;
    private static final int LEFT = 340;
    private static final int RIGHT = 30;
    private static final int ROW = 34;
    private static final int TOP = 16;
    private static final int AXIS = 40;
    /** Dots of a row lie a little above and below its line, so that equal ones are seen. */
    private static final int SPREAD = 5;

    private RecoveryPicture() {}

    /** A row for each kind of recovery, with a bar at its target where it has one; empty if there are none. */
    static String of(Map<String, List<Duration>> recoveries, Map<String, Duration> targets) {
        if (recoveries.isEmpty()) {
            return "";
        }
        double longest = recoveries.entrySet().stream()
                .flatMap(row -> Stream.concat(row.getValue().stream(), Stream.ofNullable(targets.get(row.getKey()))))
                .mapToDouble(RecoveryPicture::seconds)
                .max()
                .orElse(1);
        int step = longest > 12 ? 5 : 1;
        int end = (int) Math.ceil(longest / step) * step;
        int height = TOP + ROW * recoveries.size() + AXIS;
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="Recovery times in seconds">
                <style>
                text { font: 13px system-ui, sans-serif; fill: #1f2328 } .axis { stroke: #d0d7de } .dot { fill: #0969da; fill-opacity: .55 } .target { stroke: #cf222e; stroke-width: 2 }
                @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .axis { stroke: #3d444d } .dot { fill: #58a6ff } .target { stroke: #f85149 } }
                </style>
                """.formatted(WIDTH, height));
        for (int second = 0; second <= end; second += step) {
            double x = x(second, end);
            line(svg, "axis", x, TOP, x, height - AXIS);
            text(svg, x, height - AXIS + 18, "middle", second + " s");
        }
        int y = TOP + ROW / 2;
        for (Map.Entry<String, List<Duration>> row : recoveries.entrySet()) {
            text(svg, LEFT - 12, y + 4, "end", row.getKey());
            int number = 0;
            for (Duration time : row.getValue()) {
                int above = number++ % (2 * SPREAD + 1) - SPREAD;
                svg.append(String.format(
                        Locale.ROOT,
                        "<circle class=\"dot\" cx=\"%.1f\" cy=\"%d\" r=\"3.5\"/>%n",
                        x(seconds(time), end),
                        y + above));
            }
            if (targets.containsKey(row.getKey())) {
                double x = x(seconds(targets.get(row.getKey())), end);
                line(svg, "target", x, y - ROW / 2.0 + 4, x, y + ROW / 2.0 - 4);
            }
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static double x(double seconds, int end) {
        return LEFT + seconds / end * (WIDTH - LEFT - RIGHT);
    }

    private static void line(StringBuilder svg, String kind, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                kind,
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                Report.escape(words)));
    }
}
