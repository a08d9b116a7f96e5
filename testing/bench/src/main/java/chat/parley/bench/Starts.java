package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Processes.Tier;
import chat.parley.e2e.stack.Processes.Use;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How soon a service that is started is ready, and what it holds then, before anybody has asked it anything. */
final class Starts {
    private static final int TIMES = 5;

    /** From ready to the look at its memory. */
    private static final Duration UNTIL_QUIET = Duration.ofSeconds(5);

    private static final double MILLIS = 1000;

    private final Report report = new Report("starts", "Starts");

    private Starts() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        int times = told.numbers().isEmpty() ? TIMES : told.numbers().getFirst();
        StackOptions options = told.stack().replicas(1, 1);
        Starts starts = new Starts();
        starts.report.add(String.format(
                Locale.ROOT,
                "Each killed and started %d times while all else runs, until it says that it is ready; processor time and what is resident %d s after that. Settings: %s",
                times,
                UNTIL_QUIET.toSeconds(),
                told.settings().isEmpty() ? "none" : String.join(", ", told.settings())));
        Table table = starts.report.table(
                "Starts",
                "service",
                List.of(
                        new Column("ready p50", "s", 2),
                        new Column("worst", "s", 2),
                        new Column("CPU", "s", 1),
                        new Column("resident", "MB", 0)));
        starts.measure(table, options.startedAsInImages(), times, "with the images' cache");
        starts.measure(table, options, times, "with an archive of its classes alone");
        starts.report.write();
    }

    private void measure(Table table, StackOptions options, int times, String how)
            throws IOException, InterruptedException {
        try (Stack stack = Stack.start(options)) {
            row(table, Tier.CONVERSATION, stack.conversation(0), times, how);
            row(table, Tier.ASSISTANT, stack.assistant(0), times, how);
        }
    }

    private static void row(Table table, Tier tier, ProcessPart service, int times, String how)
            throws IOException, InterruptedException {
        List<Duration> ready = new ArrayList<>();
        List<Use> uses = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            service.kill();
            long began = System.nanoTime();
            service.start();
            ready.add(Duration.ofNanos(System.nanoTime() - began));
            Thread.sleep(UNTIL_QUIET);
            uses.add(Processes.now().each().get(service.pid()));
        }
        Sample sample = Sample.of(ready);
        table.row(
                tier.title() + ", " + how,
                List.of(
                        sample.percentile(0.5) / MILLIS,
                        sample.percentile(1) / MILLIS,
                        uses.stream().mapToDouble(Use::cpuSeconds).average().orElseThrow(),
                        uses.stream().mapToDouble(Use::megabytes).max().orElseThrow()));
    }
}
