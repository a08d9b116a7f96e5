package chat.parley.bench.report;

/**
 * A number that was measured.
 *
 * @param unit empty for a count or a ratio
 */
public record Figure(String name, double value, String unit) {}
