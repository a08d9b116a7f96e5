package chat.parley.bench.report;

import java.util.Locale;

/**
 * A column of numbers.
 *
 * @param unit empty for a count or a ratio
 * @param decimals that people are shown
 */
public record Column(String name, String unit, int decimals) {
    /** Without a unit. */
    public static Column of(String name, int decimals) {
        return new Column(name, "", decimals);
    }

    String heading() {
        return unit.isEmpty() ? name : name + ", " + unit;
    }

    String cell(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
