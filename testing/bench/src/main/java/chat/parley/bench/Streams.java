package chat.parley.bench;

import chat.parley.bench.Processes.Tier;
import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How many people can read an answer as it is written: so many streams at once at the speed of a model, through Parley
 * and, in the same run, from the model directly; and what that costs in processor time and memory.
 */
final class Streams {
    private static final List<Integer> COUNTS = List.of(10, 50, 100, 200, 300, 500, 1000);
    private static final Reply REPLY = Reply.STREAM;
    private static final int WARM_UP = 100;
    private static final int WARM_UPS = 4;

    private final Report report = new Report("streams", "Streams at once");

    private Streams() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        List<Integer> counts = told.numbers().isEmpty() ? COUNTS : told.numbers();
        int most = counts.stream().mapToInt(Integer::intValue).max().orElseThrow();
        // Warming up, too, nobody waits for another's answer.
        int concurrency = Math.max(most, WARM_UP);
        StackOptions options =
                told.stack().replicas(1, 1).assistant("ASSISTANT_CONCURRENCY", Integer.toString(concurrency));
        try (Stack stack = Stack.start(options)) {
            new Streams().measure(stack, counts, told.settings());
        }
    }

    private void measure(Stack stack, List<Integer> counts, List<String> settings)
            throws IOException, InterruptedException {
        report.add(String.format(
                Locale.ROOT,
                "One of each part. Each stream has %d tokens, %d a second, which take the model %.2f s; the questions come within %d s. Time to the first token is that of the question alone, in a conversation that is looked at.",
                REPLY.tokens(),
                REPLY.tokensPerSecond(),
                REPLY.modelsOwnTime().toMillis() / 1e3,
                Round.SPREAD.toSeconds()));
        if (!settings.isEmpty()) {
            report.add("Settings: " + String.join(", ", settings));
        }
        Table times = report.table("Times, in real time (1) or not (0)", "streams", timeColumns());
        Map<String, Round> rounds = new LinkedHashMap<>();
        REPLY.by(stack.model());
        warmUp(stack, WARM_UP, WARM_UPS);
        for (int count : counts) {
            add(times, rounds, "model, " + count, Round.of(directly(stack, count), REPLY));
            List<Page> pages = Page.open(stack.url(), count);
            add(times, rounds, "Parley, " + count, Round.of(pages, REPLY));
            pages.forEach(Page::close);
        }
        Table processorTime = report.table("Processor seconds per 1,000 tokens", "streams", processorColumns());
        rounds.forEach((name, round) -> processorTime.row(name, processorTimes(round)));
        Table resident = report.table("Resident", "process", List.of(new Column("resident", "MB", 0)));
        Processes.now().megabytes().forEach((tier, megabytes) -> resident.row(tier.title, List.of(megabytes)));
        report.write();
    }

    /**
     * Code that has just been loaded is interpreted, and then compiled: what is measured is a system that has worked
     * for a while.
     *
     * @param count of streams at once
     * @param times that they ask through Parley
     */
    static void warmUp(Stack stack, int count, int times) throws IOException, InterruptedException {
        List<Page> pages = Page.open(stack.url(), count);
        Round.askAll(directly(stack, count));
        for (int time = 0; time < times; time++) {
            Round.askAll(pages);
        }
        pages.forEach(Page::close);
    }

    /** So many who ask the model itself. */
    static List<Asker> directly(Stack stack, int count) {
        Asker model = new DirectModel(stack.model().address());
        return Stream.generate(() -> model).limit(count).toList();
    }

    private static void add(Table times, Map<String, Round> rounds, String name, Round round) {
        rounds.put(name, round);
        times.row(
                name,
                List.of(
                        round.isInRealTime() ? 1.0 : 0.0,
                        round.first().percentile(0.5),
                        round.first().percentile(0.99),
                        round.gaps().percentile(0.5),
                        round.gaps().percentile(0.99),
                        round.gaps().percentile(1),
                        round.timesModelsOwn(0.5),
                        round.timesModelsOwn(1)));
    }

    private static List<Column> timeColumns() {
        List<Column> columns = new ArrayList<>(List.of(Column.of("real time", 0)));
        columns.addAll(Report.columns("ms", 0, "first p50", "first p99", "gap p50", "gap p99", "gap worst"));
        columns.addAll(Report.columns("", 3, "time ÷ model's p50", "time ÷ model's worst"));
        return columns;
    }

    private static List<Column> processorColumns() {
        return Stream.concat(Stream.of("Parley"), Arrays.stream(Tier.values()).map(tier -> tier.title))
                .map(name -> new Column(name, "s", 3))
                .toList();
    }

    private static List<Double> processorTimes(Round round) {
        return Stream.concat(
                        Stream.of(round.cpuPerThousandTokens(Tier::isParley)),
                        Arrays.stream(Tier.values()).map(tier -> round.cpuPerThousandTokens(tier::equals)))
                .toList();
    }
}
