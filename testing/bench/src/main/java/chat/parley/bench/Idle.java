package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Processes.Tier;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What sockets cost that nothing happens on: of as many guests, each welcome and looking at one conversation that
 * nobody has written to.
 */
final class Idle {
    private static final List<Integer> COUNTS = List.of(1000, 5000, 15_000);
    /** What a replica is to hold so many in. */
    private static final String HEAP = "jvm:-Xmx1g";
    /** Opened first, so that what there is only once is not counted as theirs. */
    private static final int WARM_UP = 200;

    private static final int THROUGH_NGINX = 1000;

    /** A new feed asks the store after 5 s whether a reply is open, and then once a minute. */
    private static final Duration UNTIL_QUIET = Duration.ofSeconds(12);

    /** All that is done by time is done once in a minute. */
    private static final Duration WATCHED = Duration.ofSeconds(60);

    private static final int CLASSES = 14;
    private static final double KILO = 1000;
    private static final double MEGA = 1e6;

    private static final List<Column> COLUMNS = List.of(
            new Column("heap each", "kB", 1),
            new Column("heap", "MB", 0),
            new Column("resident each", "kB", 1),
            new Column("resident", "MB", 0),
            Column.of("threads", 0),
            new Column("Redis each", "kB", 2),
            new Column("CPU of Conversation a minute", "s", 2),
            new Column("CPU of Redis a minute", "s", 2),
            new Column("CPU of load a minute", "s", 2),
            Column.of("lost", 0));

    private final Report report = new Report("idle", "Idle sockets");

    private Idle() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        // The sockets of the count before stay.
        List<Integer> counts = told.numbers().isEmpty()
                ? COUNTS
                : told.numbers().stream().sorted().toList();
        List<String> settings = new ArrayList<>(List.of(HEAP));
        settings.addAll(told.settings());
        StackOptions options = new Arguments(counts, 1, settings).stack().replicas(1, 1);
        try (Stack stack = Stack.start(options)) {
            new Idle().measure(stack, counts, settings);
        }
    }

    private void measure(Stack stack, List<Integer> counts, List<String> settings)
            throws IOException, InterruptedException {
        report.add(
                "One of each part. Straight to Conversation, from 127.0.0.2 and seven more; opened one after the other in the same process, after "
                        + WARM_UP
                        + " that were closed again. Heap is what is alive after a collection. Processor time is that of "
                        + WATCHED.toSeconds() + " s, from " + UNTIL_QUIET.toSeconds()
                        + " s after the last was opened. Settings: " + String.join(", ", settings));
        URI conversation = stack.conversationUrl(0);
        try (Crowd warmUp = new Crowd(conversation)) {
            warmUp.growTo(WARM_UP);
        }
        Thread.sleep(UNTIL_QUIET);
        Holdings without = Holdings.of(stack, 0);
        report.add("");
        report.add(String.format(
                Locale.ROOT,
                "Without any: heap %.0f MB, resident %.0f MB, %.0f threads.",
                without.heapBytes() / MEGA,
                without.residentKilobytes(Tier.CONVERSATION) / KILO,
                without.threads()));
        Table table = report.table("With so many", "sockets", COLUMNS);
        Holdings last = without;
        try (Crowd crowd = new Crowd(conversation)) {
            for (int count : counts) {
                last = row(table, stack, crowd, count, without);
            }
        }
        addClasses(without, last);
        throughNginx(stack);
        report.write();
    }

    private static Holdings row(Table table, Stack stack, Crowd crowd, int count, Holdings without)
            throws IOException, InterruptedException {
        crowd.growTo(count);
        Thread.sleep(UNTIL_QUIET);
        Processes before = Processes.now();
        Thread.sleep(WATCHED);
        Map<Tier, Double> used = Processes.now().cpuSecondsSince(before);
        Holdings now = Holdings.of(stack, count);
        table.row(
                Integer.toString(count),
                List.of(
                        (now.heapBytes() - without.heapBytes()) / KILO / count,
                        now.heapBytes() / MEGA,
                        (now.residentKilobytes(Tier.CONVERSATION) - without.residentKilobytes(Tier.CONVERSATION))
                                / count,
                        now.residentKilobytes(Tier.CONVERSATION) / KILO,
                        now.threads(),
                        (now.redisBytes() - without.redisBytes()) / KILO / count,
                        used.getOrDefault(Tier.CONVERSATION, 0.0),
                        used.getOrDefault(Tier.REDIS, 0.0),
                        used.getOrDefault(Tier.LOAD, 0.0),
                        (double) crowd.lost()));
        return now;
    }

    private void addClasses(Holdings without, Holdings with) {
        Table table = report.table(
                "What a socket holds, of " + with.sockets(), "class", List.of(new Column("each", "bytes", 0)));
        with.classesSince(without).entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(CLASSES)
                .forEach(entry -> table.row("`" + entry.getKey() + "`", List.of(entry.getValue())));
    }

    private void throughNginx(Stack stack) throws IOException, InterruptedException {
        double before = Processes.now().megabytes().getOrDefault(Tier.NGINX, 0.0);
        try (Crowd crowd = new Crowd(stack.url())) {
            crowd.growTo(THROUGH_NGINX);
            double after = Processes.now().megabytes().getOrDefault(Tier.NGINX, 0.0);
            report.add("");
            report.add(String.format(
                    Locale.ROOT,
                    "nginx: %.1f kB resident for each of %d.",
                    (after - before) * Holdings.MEBI_TO_KILO / THROUGH_NGINX,
                    THROUGH_NGINX));
        }
    }
}
