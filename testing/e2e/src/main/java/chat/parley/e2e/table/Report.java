package chat.parley.e2e.table;

import chat.parley.e2e.Pace;
import chat.parley.e2e.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was run on a commit, and how it went. */
final class Report {
    private final List<Result> results;
    private final String commit;

    Report(List<Result> all, String commit) {
        this.results = all.stream().filter(one -> one.commit().equals(commit)).toList();
        this.commit = commit;
    }

    /** A table of the rows, and one of the recovery times. */
    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("Commit " + commit + ".");
        lines.add("");
        lines.add("| # | row | what breaks | passed | failed | at real length |");
        lines.add("| --- | --- | --- | --- | --- | --- |");
        for (Row row : FaultTable.rows()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %d | %s | %s | %d | %d | %d |",
                    row.number(),
                    row.name(),
                    row.what(),
                    of(row, Pace.SHRUNK).stream().filter(Result::passed).count(),
                    of(row, Pace.SHRUNK).stream()
                            .filter(one -> one.error() != null)
                            .count(),
                    of(row, Pace.REAL).stream().filter(Result::passed).count()));
        }
        lines.add("");
        lines.add("| recovery | times | p50 | p95 | worst |");
        lines.add("| --- | --- | --- | --- | --- |");
        recoveries()
                .forEach((what, times) -> lines.add(String.format(
                        Locale.ROOT,
                        "| %s | %d | %.1f s | %.1f s | %.1f s |",
                        what,
                        times.size(),
                        seconds(times, 0.5),
                        seconds(times, 0.95),
                        seconds(times, 1))));
        return String.join("\n", lines);
    }

    private List<Result> of(Row row, Pace pace) {
        return results.stream().filter(one -> one.isOf(row, commit, pace)).toList();
    }

    private Map<String, List<Duration>> recoveries() {
        return results.stream()
                .flatMap(result -> result.recoveries().stream())
                .collect(Collectors.groupingBy(
                        Recovery::what, TreeMap::new, Collectors.mapping(Recovery::time, Collectors.toList())));
    }

    private static double seconds(List<Duration> times, double part) {
        List<Duration> sorted = times.stream().sorted().toList();
        int index = (int) Math.ceil(part * sorted.size()) - 1;
        return sorted.get(Math.max(0, index)).toMillis() / 1000.0;
    }

    /** The results as other tools read them. */
    static String junit(List<Result> results) {
        StringBuilder xml = new StringBuilder("<testsuite name=\"faults\">\n");
        for (Result result : results) {
            if (result.notRun() != null) {
                continue; // never counted, neither as passed nor as skipped
            }
            xml.append("  <testcase name=\"")
                    .append(result.row())
                    .append(' ')
                    .append(result.name())
                    .append("\" time=\"")
                    .append(result.took().toMillis() / 1000.0)
                    .append("\">");
            if (result.error() != null) {
                xml.append("<failure>").append(escape(result.error())).append("</failure>");
            }
            xml.append("</testcase>\n");
        }
        return xml.append("</testsuite>\n").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
