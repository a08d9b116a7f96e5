package chat.parley.bench.report;

import java.util.List;

/**
 * A report's numbers, as they are in its JSON.
 *
 * @param began when, in ISO-8601, UTC
 */
record Results(String measurement, String began, Machine machine, List<Row> rows) {}
