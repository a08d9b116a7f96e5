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

/** What was run on some commits, and how it went. */
final class Report {
    /** From the kill, or from when the part is back, to visible progress. */
    private static final Map<String, Duration> TARGETS = Map.of(
            "kill -9 of a Conversation", Duration.ofSeconds(3),
            "kill -9 of an Assistant, to the new attempt", Duration.ofSeconds(3),
            "the start of nginx after kill -9", Duration.ofSeconds(3),
            "kill -9 of Redis and its start", Duration.ofSeconds(5),
            "kill -9 of RabbitMQ and its start", Duration.ofSeconds(20),
            "the browser's network is back", Duration.ofSeconds(2));

    private final List<Result> results;
    private final String commits;

    /** @param commits whose results count, with commas between them */
    Report(List<Result> all, String commits) {
        List<String> those = List.of(commits.split(","));
        this.results = all.stream().filter(one -> those.contains(one.commit())).toList();
        this.commits = String.join(", ", those);
    }

    /** The whole of it as a file that stands beside its picture. */
    String document(String picture) {
        return """
                # What was run

                Made by `script/faults report --to docs` from results of %s; what the rows mean is said in [faults.md](faults.md).
                Times are from the fault, or from its end, to the next step of a reply on an open page; a bar is the target that 95 of 100 have to keep.

                ![Recovery times](%s)

                %s
                """.formatted(commits, picture, markdown());
    }

    /** The recovery times as a picture; empty if there are none. */
    String picture() {
        return RecoveryPicture.of(recoveries(), TARGETS);
    }

    /** A table of the rows, and one of the recovery times. */
    String markdown() {
        List<String> lines = new ArrayList<>();
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
        lines.add("| recovery | times | p50 | p95 | worst | target for p95 |");
        lines.add("| --- | --- | --- | --- | --- | --- |");
        recoveries()
                .forEach((what, times) -> lines.add(String.format(
                        Locale.ROOT,
                        "| %s | %d | %.1f s | %.1f s | %.1f s | %s |",
                        what,
                        times.size(),
                        seconds(times, 0.5),
                        seconds(times, 0.95),
                        seconds(times, 1),
                        TARGETS.containsKey(what) ? TARGETS.get(what).toSeconds() + " s" : "")));
        if (!counts().isEmpty()) {
            lines.add("");
            lines.add("| counted | in all |");
            lines.add("| --- | --- |");
            counts().forEach((what, times) -> lines.add("| " + what + " | " + times + " |"));
        }
        return String.join("\n", lines);
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        results.forEach(result -> result.counts().forEach((what, times) -> counts.merge(what, times, Long::sum)));
        return counts;
    }

    private List<Result> of(Row row, Pace pace) {
        return results.stream().filter(one -> one.isOf(row, pace)).toList();
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

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
