package chat.parley.bench;

import static java.lang.Double.NaN;

import chat.parley.bench.report.Chart;
import chat.parley.bench.report.Chart.Line;
import chat.parley.bench.report.Chart.Point;
import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Whether twice as many workers answer twice as much where the model is the limit: each takes a few questions at once,
 * the model is as slow as one that people read along with, and there are always more questions.
 */
final class Workers {
    private static final List<Integer> COUNTS = List.of(1, 2, 3, 4);
    private static final int CONCURRENCY = 8;
    private static final Reply REPLY = new Reply(100, 20);
    /** For each question that is answered another one waits. */
    private static final int ASKED_FOR_EACH_PLACE = 2;

    /** The first questions don't wait; by then their answers have ended, with some time to spare. */
    private static final Duration UNTIL_STEADY = REPLY.modelsOwnTime().multipliedBy(3);

    private static final Duration WATCHED = Duration.ofSeconds(60);
    private static final Duration END_BUDGET = Duration.ofMinutes(1);

    private final Report report = new Report("workers", "Workers where the model is the limit");
    private final Map<Integer, Throughput> byWorkers = new TreeMap<>();

    private Workers() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        // From many to few, so that all have worked for a while.
        List<Integer> counts = (told.numbers().isEmpty() ? COUNTS : told.numbers())
                .stream().sorted(Comparator.reverseOrder()).toList();
        StackOptions options = told.stack()
                .replicas(1, counts.getFirst())
                .assistant("ASSISTANT_CONCURRENCY", Integer.toString(CONCURRENCY));
        Workers measurement = new Workers();
        try (Stack stack = Stack.start(options)) {
            REPLY.by(stack.model());
            Streams.warmUp(stack);
            for (int workers : counts) {
                leave(stack, workers);
                measurement.byWorkers.put(workers, measure(stack, workers));
            }
            measurement.report(told.settings());
        }
    }

    /** Ends those that are too many, which have nothing to do. */
    private static void leave(Stack stack, int workers) {
        for (ProcessPart worker :
                stack.assistants().subList(workers, stack.assistants().size())) {
            if (worker.isRunning()) {
                worker.terminate();
                worker.awaitEnd(END_BUDGET);
            }
        }
    }

    private static Throughput measure(Stack stack, int workers) throws IOException, InterruptedException {
        int atOnce = workers * CONCURRENCY;
        List<Page> pages = Page.open(stack.url(), ASKED_FOR_EACH_PLACE * atOnce);
        try (SteadyLoad load = new SteadyLoad(pages, atOnce, REPLY.modelsOwnTime())) {
            Thread.sleep(UNTIL_STEADY);
            Processes before = Processes.now();
            int answersBefore = load.answers().size();
            long began = System.nanoTime();
            Thread.sleep(WATCHED);
            List<Duration> answers = load.answers();
            Duration within = Duration.ofNanos(System.nanoTime() - began);
            return new Throughput(
                    workers,
                    CONCURRENCY,
                    REPLY,
                    answers.subList(answersBefore, answers.size()),
                    within,
                    Processes.now().cpuSecondsSince(before));
        } finally {
            pages.forEach(Page::close);
        }
    }

    private void report(List<String> settings) throws IOException {
        report.add(String.format(
                Locale.ROOT,
                "One of each other part. Each worker takes %d questions at once; a reply has %d tokens, %d a second, which take the model %.2f s. %d times as many people ask, each again as soon as he has his answer, so that always as many questions wait; each is a user of his own, with one question at a time, which is within his fair share. Counted for %d s, from many workers to few in the same processes. Aim: four workers answer at least 3.6 times what one does.",
                CONCURRENCY,
                REPLY.tokens(),
                REPLY.tokensPerSecond(),
                REPLY.modelsOwnTime().toMillis() / 1e3,
                ASKED_FOR_EACH_PLACE,
                WATCHED.toSeconds()));
        report.add(
                "Predicted is workers × questions at once ÷ the model's own time. If the soonest first token took about the model's own time, each question waited, and no worker ever did.");
        if (!settings.isEmpty()) {
            report.add("Settings: " + String.join(", ", settings));
        }
        Table replies = report.table("Replies", "workers", columns());
        byWorkers.forEach((workers, result) -> replies.row(Integer.toString(workers), figures(result)));
        Table processorTime = report.table("Processor seconds per 1,000 tokens", "workers", Cost.columns());
        byWorkers.forEach((workers, result) ->
                processorTime.row(Integer.toString(workers), result.cost().figures()));
        SortedMap<Integer, Cost> costs = new TreeMap<>();
        byWorkers.forEach((workers, result) -> costs.put(workers, result.cost()));
        report.picture("Replies and processor time, by workers", List.of(replies(), Cost.chart("workers", costs)));
        report.write();
    }

    private static List<Column> columns() {
        return List.of(
                new Column("replies", "1/s", 2),
                Column.of("÷ one worker's", 2),
                new Column("predicted", "1/s", 2),
                new Column("difference", "%", 1),
                new Column("first token p50", "s", 2),
                new Column("soonest first token", "s", 2));
    }

    private List<Double> figures(Throughput result) {
        Throughput ofOne = byWorkers.get(1);
        return List.of(
                result.repliesPerSecond(),
                ofOne == null ? NaN : result.repliesPerSecond() / ofOne.repliesPerSecond(),
                result.predicted(),
                result.difference(),
                result.first(0.5),
                result.first(0));
    }

    private Chart replies() {
        return new Chart(
                "Replies in a second",
                "workers",
                List.of(line("measured", Throughput::repliesPerSecond), line("predicted", Throughput::predicted)));
    }

    private Line line(String name, ToDoubleFunction<Throughput> value) {
        return new Line(
                name,
                byWorkers.values().stream()
                        .map(one -> new Point(one.workers(), value.applyAsDouble(one)))
                        .toList());
    }
}
