package chat.parley.e2e.table;

import chat.parley.e2e.table.Row.Trait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Runs rows of the table of faults. Arguments: {@code list}, {@code report}, {@code short}, {@code all}, {@code soak
 * LENGTH}, or rows by number or name; then {@code --times N} (what has passed so often on this commit is left out),
 * {@code --seed N}, {@code --real}, for a soak {@code --streams N}, {@code --idle N}, {@code --every 20s} and
 * {@code --spare TEXT}, for a report {@code --to FOLDER} and {@code --commit ID}, or several with commas. The commit is
 * the system property {@code parley.commit}.
 */
@SuppressWarnings("SystemOut") // it speaks to a person
public final class FaultsMain {
    private static final Path FOLDER = Path.of("target", "faults");
    private static final Path JUNIT = Path.of("testing", "e2e", "target", "faults.xml");

    private final Results kept = new Results(FOLDER.resolve("results.jsonl"));
    private final String commit = System.getProperty("parley.commit", "unknown");
    private final Options options;

    private FaultsMain(Options options) {
        this.options = options;
    }

    /** Ends with 1 if a row did not hold, with 2 if the arguments make no sense. */
    public static void main(String[] arguments) throws IOException {
        Options options;
        try {
            options = Options.parse(Arrays.asList(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new FaultsMain(options).run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        switch (options.what()) {
            case "list" -> FaultTable.rows().forEach(row -> System.out.println(describe(row)));
            case "report" -> report();
            case "short" -> {
                return run(rows(row -> row.is(Trait.SHORT)));
            }
            case "all" -> {
                return run(FaultTable.rows());
            }
            case "soak" -> {
                return run(List.of(Rows.soak(options.load())));
            }
            default -> {
                return run(rows(row -> options.names().stream().anyMatch(row::isCalled)));
            }
        }
        return true;
    }

    private void report() throws IOException {
        Report report = new Report(kept.all(), Objects.requireNonNullElse(options.commit(), commit));
        Path to = options.to();
        if (to == null) {
            System.out.println(report.markdown());
            return;
        }
        Files.createDirectories(to.resolve("images"));
        Files.writeString(to.resolve("images/recovery.svg"), report.picture());
        Files.writeString(to.resolve("faults-report.md"), report.document("images/recovery.svg"));
    }

    private static List<Row> rows(java.util.function.Predicate<Row> wanted) {
        return FaultTable.rows().stream().filter(wanted).toList();
    }

    private static String describe(Row row) {
        String traits = row.traits().isEmpty()
                ? ""
                : " " + row.traits().toString().toLowerCase(Locale.ROOT).replace('_', ' ');
        return String.format(Locale.ROOT, "%2d %-28s %s%s", row.number(), row.name(), row.what(), traits);
    }

    private boolean run(List<Row> rows) throws IOException {
        List<Row> due = new ArrayList<>();
        List<Result> before = kept.all();
        // Round by round, so that a run that is broken off has every row about as often.
        for (int time = 1; time <= options.times(); time++) {
            for (Row row : rows) {
                long passed = before.stream()
                        .filter(result ->
                                result.passed() && result.commit().equals(commit) && result.isOf(row, options.pace()))
                        .count();
                if (options.times() == 1 || passed < time) {
                    due.add(row);
                }
            }
        }
        try (Runner runner = new Runner(commit, options.pace(), FOLDER)) {
            // Rows that need a stack of their own come last: a stack takes longer to start than most rows to run.
            StackOrder.of(due, options.pace()).forEach(row -> run(runner, row));
            Files.createDirectories(JUNIT.getParent());
            Files.writeString(JUNIT, Report.junit(runner.results()));
            return summarise(runner.results());
        }
    }

    private void run(Runner runner, Row row) {
        long seed = options.seed() >= 0
                ? options.seed()
                : ThreadLocalRandom.current().nextLong(1_000_000_000);
        Result result = runner.run(row, seed);
        kept.add(result);
        String mark = result.passed() ? "ok    " : result.notRun() == null ? "FAILED" : "  -   ";
        System.out.printf(
                Locale.ROOT,
                "%s %2d %-28s %6.1f s  seed %d%n",
                mark,
                row.number(),
                row.name(),
                result.took().toMillis() / 1000.0,
                seed);
        Stream.of(result.error(), result.notRun())
                .filter(java.util.Objects::nonNull)
                .forEach(why -> System.out.println("       " + why));
    }

    private static boolean summarise(List<Result> results) {
        long passed = results.stream().filter(Result::passed).count();
        long notRun = results.stream().filter(one -> one.notRun() != null).count();
        long failed = results.size() - passed - notRun;
        System.out.println(passed + " passed, " + failed + " failed, " + notRun + " not run");
        return failed == 0;
    }
}
