package chat.parley.bench;

import static java.lang.Double.NaN;

import chat.parley.bench.Visit.Seen;
import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Processes.Tier;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How soon all are back when all are cut off at once, and look again from where they were: by the network, where nobody
 * waits before he comes again, and by the death of their Conversation, where each waits as the page does.
 */
final class Storm {
    private static final int SOCKETS = 5000;
    /** Rounds in which the network breaks: the first finds code that has not been used much. */
    private static final int ROUNDS = 3;

    private static final double MEGA = 1e6;

    private static final String QUESTION = "Is there anything new?";
    private static final Duration UNTIL_QUIET = Duration.ofSeconds(8);

    private static final List<Double> SHARES = List.of(0.5, 0.99, 1.0);
    private static final List<Tier> TIERS = List.of(Tier.CONVERSATION, Tier.REDIS, Tier.LOAD);

    private final List<String> failures = new ArrayList<>();
    private final Report report = new Report("storm", "All sockets at once");

    private Storm() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        int sockets = told.numbers().isEmpty() ? SOCKETS : told.numbers().getFirst();
        try (Stack stack = Stack.start(told.stack().replicas(1, 1))) {
            stack.model().behave("{\"tokens\":20,\"rate\":0}");
            new Storm().measure(stack, sockets, told.settings());
        }
    }

    private void measure(Stack stack, int sockets, List<String> settings) throws IOException, InterruptedException {
        URI conversation = stack.conversationUrl(0);
        try (Crowd crowd = new Crowd(conversation)) {
            crowd.growTo(sockets);
            crowd.askAll(QUESTION);
            report.add(sockets
                    + " guests, each with one socket on one conversation of a question and its answer; one of each part, straight to Conversation, from 127.0.0.2 and seven more. Times are from the cut; heap is what is alive after a collection when all are back. Settings: "
                    + (settings.isEmpty() ? "none" : String.join(", ", settings)));
            report.add("");
            report.add(String.format(
                    Locale.ROOT,
                    "Heap of Conversation before: %.0f MB, when they had come one after the other.",
                    heapMegabytes(stack, sockets)));
            Table table = report.table("Back again", "cut", columns());
            for (int round = 1; round <= ROUNDS; round++) {
                Thread.sleep(UNTIL_QUIET);
                row(table, "network, " + round, stack, crowd, sockets, crowd::cutAndComeBack);
            }
            Thread.sleep(UNTIL_QUIET);
            ProcessPart service = stack.conversation(0);
            row(table, "kill -9 and start", stack, crowd, sockets, () -> {
                Return coming = crowd.comeBackWhenLost();
                service.kill();
                service.launch();
                return coming;
            });
        }
        report.add("");
        report.add("Tries that failed. " + String.join("; ", failures) + ".");
        report.write();
    }

    /** Cuts all off. */
    private interface Cut {
        Return make() throws IOException;
    }

    private void row(Table table, String name, Stack stack, Crowd crowd, int sockets, Cut cut)
            throws IOException, InterruptedException {
        Processes before = Processes.now();
        long began = System.nanoTime();
        Return coming = cut.make();
        List<Seen> back = crowd.await(coming);
        Map<Tier, Double> used = Processes.now().cpuSecondsSince(before);
        List<Double> figures = new ArrayList<>(List.of((double) back.size(), (double) sockets));
        figures.addAll(
                times(back.stream().map(seen -> since(began, seen.welcomedAt())).toList()));
        figures.addAll(times(
                back.stream().map(seen -> since(began, seen.subscribedAt())).toList()));
        figures.add((double) back.stream().filter(Seen::recovered).count());
        for (Tier tier : TIERS) {
            figures.add(used.getOrDefault(tier, 0.0));
        }
        figures.add(heapMegabytes(stack, sockets));
        table.row(name, figures);
        failures.add(name + ": " + coming.failures());
    }

    private static double heapMegabytes(Stack stack, int sockets) throws IOException {
        return Holdings.of(stack, sockets).heapBytes() / MEGA;
    }

    private static Duration since(long began, long at) {
        return Duration.ofNanos(at - began);
    }

    /** The median, the 99th percentile and the last, in seconds. */
    private static List<Double> times(List<Duration> durations) {
        if (durations.isEmpty()) {
            return Collections.nCopies(SHARES.size(), NaN);
        }
        Sample sample = Sample.of(durations);
        return SHARES.stream().map(share -> sample.percentile(share) / 1000).toList();
    }

    private static List<Column> columns() {
        List<Column> columns = new ArrayList<>(List.of(Column.of("back", 0), Column.of("of", 0)));
        columns.addAll(Report.columns("s", 2, "welcome p50", "welcome p99", "all welcome"));
        columns.addAll(Report.columns("s", 2, "subscribed p50", "subscribed p99", "all subscribed"));
        columns.add(Column.of("resumed", 0));
        for (Tier tier : TIERS) {
            columns.add(new Column("CPU of " + tier.title(), "s", 1));
        }
        columns.add(new Column("heap of Conversation", "MB", 0));
        return columns;
    }
}
