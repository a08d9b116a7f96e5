package chat.parley.bench;

import chat.parley.bench.report.Chart;
import chat.parley.bench.report.Chart.Line;
import chat.parley.bench.report.Chart.Point;
import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Processes.Tier;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How many people can read an answer as it is written: so many streams at once at the speed of a model, through Parley
 * and, in the same run, from the model directly; and what that costs in processor time and memory.
 */
final class Streams {
    private static final List<Integer> COUNTS = List.of(10, 50, 100, 200, 300, 500, 1000);
    private static final Reply REPLY = Reply.STREAM;
    /** Streams at once while warming up. */
    static final int WARM_UP = 100;

    private static final int WARM_UPS = 4;

    private final Report report = new Report("streams", "Streams at once");
    private final Stack stack;
    private final Table times;
    private final List<Measured> all = new ArrayList<>();

    /**
     * What was measured with so many streams.
     *
     * @param direct from the model directly
     * @param pauses of each service, through Parley
     */
    private record Measured(int streams, Round direct, Round through, Map<Tier, Pauses> pauses) {}

    private Streams(Stack stack, Arguments told) {
        this.stack = stack;
        int conversations = stack.conversations().size();
        report.add(String.format(
                Locale.ROOT,
                "%s. Each stream has %d tokens, %d a second, which take the model %.2f s; the questions come within %d s. Time to the first token is that of the question alone, in a conversation that is looked at.",
                conversations == 1 ? "One of each part" : conversations + " Conversations, one of each other part",
                REPLY.tokens(),
                REPLY.tokensPerSecond(),
                REPLY.modelsOwnTime().toMillis() / 1e3,
                Round.SPREAD.toSeconds()));
        if (!told.settings().isEmpty()) {
            report.add("Settings: " + String.join(", ", told.settings()));
        }
        times = report.table("Times, in real time (1) or not (0)", "streams", timeColumns());
    }

    static void run(Arguments told) throws IOException, InterruptedException {
        List<Integer> counts = told.numbers().isEmpty() ? COUNTS : told.numbers();
        int most = counts.stream().mapToInt(Integer::intValue).max().orElseThrow();
        // Warming up, too, nobody waits for another's answer.
        int concurrency = Math.max(most, WARM_UP);
        StackOptions options = told.stack()
                .replicas(told.conversations(), 1)
                .assistant("ASSISTANT_CONCURRENCY", Integer.toString(concurrency));
        try (Stack stack = Stack.start(PauseLog.in(options))) {
            Streams streams = new Streams(stack, told);
            REPLY.by(stack.model());
            warmUp(stack);
            for (int count : counts) {
                streams.measure(count);
            }
            streams.report();
        }
    }

    private void measure(int count) throws IOException, InterruptedException {
        Round direct = Round.of(directly(stack, count), REPLY);
        times.row("model, " + count, times(direct));
        List<Page> pages = Page.open(stack.url(), count);
        PauseLog conversations = new PauseLog(stack.folder(), stack.conversations());
        PauseLog assistants = new PauseLog(stack.folder(), stack.assistants());
        Round through = Round.of(pages, REPLY);
        Map<Tier, Pauses> pauses = new EnumMap<>(
                Map.of(Tier.CONVERSATION, conversations.untilNow(), Tier.ASSISTANT, assistants.untilNow()));
        times.row("Parley, " + count, times(through));
        pages.forEach(Page::close);
        all.add(new Measured(count, direct, through, pauses));
    }

    private void report() throws IOException {
        Table processorTime = report.table("Processor seconds per 1,000 tokens", "streams", Cost.columns());
        for (Measured one : all) {
            processorTime.row("model, " + one.streams(), one.direct().cost().figures());
            processorTime.row("Parley, " + one.streams(), one.through().cost().figures());
        }
        Table pauses = report.table("Pauses of the garbage collector", "service, streams", Pauses.columns());
        for (Measured one : all) {
            one.pauses()
                    .forEach((tier, made) -> pauses.row(
                            tier.title() + ", " + one.streams(),
                            made.figures(one.through().cost().tokens())));
        }
        Table resident = report.table("Resident", "process", List.of(new Column("resident", "MB", 0)));
        Processes.now().megabytes().forEach((tier, megabytes) -> resident.row(tier.title(), List.of(megabytes)));
        SortedMap<Integer, Cost> costs = new TreeMap<>();
        all.forEach(one -> costs.put(one.streams(), one.through().cost()));
        report.picture(
                "First token and processor time, by streams", List.of(firstTokens(), Cost.chart("streams", costs)));
        report.write();
    }

    private Chart firstTokens() {
        return new Chart(
                "Time to the first token, ms",
                "streams",
                List.of(
                        line("Parley p50", one -> one.through().first().percentile(0.5)),
                        line("Parley p99", one -> one.through().first().percentile(0.99)),
                        line("model p50", one -> one.direct().first().percentile(0.5)),
                        line("model p99", one -> one.direct().first().percentile(0.99))));
    }

    private Line line(String name, ToDoubleFunction<Measured> value) {
        return new Line(
                name,
                all.stream()
                        .sorted(Comparator.comparingInt(Measured::streams))
                        .map(one -> new Point(one.streams(), value.applyAsDouble(one)))
                        .toList());
    }

    /**
     * Code that has just been loaded is interpreted, and then compiled: what is measured is a system that has worked
     * for a while.
     */
    static void warmUp(Stack stack) throws IOException, InterruptedException {
        warmUp(stack, WARM_UP, WARM_UPS);
    }

    /**
     * Warms up more, or less.
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

    private static List<Double> times(Round round) {
        return List.of(
                round.isInRealTime() ? 1.0 : 0.0,
                round.inTime(),
                round.first().percentile(0.5),
                round.first().percentile(0.99),
                round.gaps().percentile(0.5),
                round.gaps().percentile(0.99),
                round.gaps().percentile(1),
                round.timesModelsOwn(0.5),
                round.timesModelsOwn(1));
    }

    private static List<Column> timeColumns() {
        List<Column> columns = new ArrayList<>(List.of(Column.of("real time", 0), new Column("in time", "%", 1)));
        columns.addAll(Report.columns("ms", 0, "first p50", "first p99", "gap p50", "gap p99", "gap worst"));
        columns.addAll(Report.columns("", 3, "time ÷ model's p50", "time ÷ model's worst"));
        return columns;
    }
}
