package chat.parley.bench.report;

import chat.parley.bench.report.Chart.Line;
import chat.parley.bench.report.Chart.Point;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Charts below each other, as SVG that follows the reader's light or dark. */
final class Picture {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 300;
    private static final int LEFT = 60;
    private static final int RIGHT = 30;
    private static final int TOP = 70;
    private static final int BOTTOM = 50;
    private static final int LEGEND = 180;

    private final StringBuilder svg = new StringBuilder();

    private Picture() {}

    static String of(List<Chart> charts) {
        Picture picture = new Picture();
        picture.svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img">
                <style>
                text { font: 13px system-ui, sans-serif; fill: #1f2328 } .axis { stroke: #d0d7de } polyline, circle { fill: none; stroke-width: 2 }
                .line0 { stroke: #0969da } .line1 { stroke: #cf222e } .line2 { stroke: #1a7f37 } .line3 { stroke: #8250df }
                @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .axis { stroke: #3d444d } .line0 { stroke: #58a6ff } .line1 { stroke: #f85149 } .line2 { stroke: #3fb950 } .line3 { stroke: #bc8cff } }
                </style>
                """.formatted(WIDTH, HEIGHT * charts.size()));
        for (int i = 0; i < charts.size(); i++) {
            picture.svg.append("<g transform=\"translate(0 %d)\">%n".formatted(i * HEIGHT));
            picture.draw(charts.get(i));
            picture.svg.append("</g>\n");
        }
        return picture.svg.append("</svg>\n").toString();
    }

    private void draw(Chart chart) {
        Scale across = Scale.ofCounts(most(chart, Point::x));
        Scale up = Scale.upTo(most(chart, Point::y));
        text(LEFT, 24, "start", chart.title());
        for (int mark = 0; mark <= up.marks(); mark++) {
            double y = y(up, mark * up.step());
            line("axis", LEFT, y, WIDTH - RIGHT, y);
            text(LEFT - 8, y + 4, "end", number(mark * up.step()));
        }
        for (int mark = 0; mark <= across.marks(); mark++) {
            text(x(across, mark * across.step()), HEIGHT - BOTTOM + 18, "middle", number(mark * across.step()));
        }
        text(WIDTH - RIGHT, HEIGHT - BOTTOM + 36, "end", chart.over());
        for (int number = 0; number < chart.lines().size(); number++) {
            draw(number, chart.lines().get(number), across, up);
        }
    }

    private void draw(int number, Line line, Scale across, Scale up) {
        String kind = "line" + number;
        int legend = LEFT + number * LEGEND;
        line(kind, legend, 44, legend + 20, 44);
        text(legend + 26, 48, "start", line.name());
        StringBuilder points = new StringBuilder();
        for (Point point : line.points()) {
            double x = x(across, point.x());
            double y = y(up, point.y());
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            // A single point is seen, too.
            svg.append(
                    String.format(Locale.ROOT, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>%n", kind, x, y));
        }
        svg.append("<polyline class=\"%s\" points=\"%s\"/>%n".formatted(kind, points));
    }

    private static double most(Chart chart, ToDoubleFunction<Point> of) {
        return chart.lines().stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(of)
                .max()
                .orElse(0);
    }

    private static double x(Scale scale, double value) {
        return scale.place(value, LEFT, WIDTH - RIGHT);
    }

    private static double y(Scale scale, double value) {
        return scale.place(value, HEIGHT - BOTTOM, TOP);
    }

    private static String number(double value) {
        // Three times 0.1 is not quite 0.3.
        return new BigDecimal(value)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    private void line(String kind, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                kind,
                x1,
                y1,
                x2,
                y2));
    }

    private void text(double x, double y, String anchor, String words) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                words.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
