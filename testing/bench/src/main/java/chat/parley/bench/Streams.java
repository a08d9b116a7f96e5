package chat.parley.bench;

import chat.parley.bench.Processes.Tier;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many people can read an answer as it is written: so many streams at once at the speed of a model, through Parley
 * and, in the same run, from the model directly; and what that costs in processor time and memory.
 */
final class Streams {
    private static final List<Integer> COUNTS = List.of(10, 50, 100, 200, 300, 500, 1000);
    private static final int TOKENS = 200;
    private static final int TOKENS_PER_SECOND = 20;
    private static final Duration MODELS_OWN_TIME = Duration.ofMillis((TOKENS - 1) * 1000L / TOKENS_PER_SECOND);
    /** Questions of people don't come in the same millisecond. */
    private static final Duration SPREAD = Duration.ofSeconds(2);

    private static final int WARM_UP = 100;
    private static final int WARM_UPS = 4;

    /** In real time: as fast as the model, soon, and without a pause that one sees. */
    private static final double LONGEST = 1.05;

    private static final double FIRST_MS = 1000;
    private static final double GAP_MS = 500;

    private final Report report = new Report("streams", "Streams at once");

    private Streams() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        List<Integer> counts = told.numbers().isEmpty() ? COUNTS : told.numbers();
        int most = counts.stream().mapToInt(Integer::intValue).max().orElseThrow();
        StackOptions options = told.stack().replicas(1, 1).assistant("ASSISTANT_CONCURRENCY", Integer.toString(most));
        try (Stack stack = Stack.start(options)) {
            new Streams().measure(stack, counts, told.settings());
        }
    }

    private void measure(Stack stack, List<Integer> counts, List<String> settings)
            throws IOException, InterruptedException {
        report.add(String.format(
                Locale.ROOT,
                "One of each part. Each stream has %d tokens, %d a second, which take the model %.2f s; the questions come within %d s. Time to the first token is that of the question alone, in a conversation that is looked at.",
                TOKENS,
                TOKENS_PER_SECOND,
                MODELS_OWN_TIME.toMillis() / 1e3,
                SPREAD.toSeconds()));
        if (!settings.isEmpty()) {
            report.add("Settings: " + String.join(", ", settings));
        }
        report.add("");
        report.add(
                "| streams | real time | first token p50, p99 ms | gap p50, p99, worst ms | time ÷ model's p50, worst | CPU s per 1,000 tokens | of that | load and stub |");
        report.add("| --- | --- | --- | --- | --- | --- | --- | --- |");
        stack.model().behave("{\"tokens\":" + TOKENS + ",\"rate\":" + TOKENS_PER_SECOND + "}");
        warmUp(stack);
        DirectModel model = new DirectModel(stack.model().address());
        for (int count : counts) {
            round(
                    "model, " + count,
                    Stream.generate(() -> (Asker) model).limit(count).toList());
            List<Page> pages = open(stack, count);
            round("Parley, " + count, pages);
            pages.forEach(Page::close);
        }
        report.add("");
        report.add("Resident: " + resident(Processes.now().megabytes()));
        report.write();
    }

    /**
     * Code that has just been loaded is interpreted, and then compiled: what is measured is a system that has worked
     * for a while.
     */
    private void warmUp(Stack stack) throws IOException, InterruptedException {
        List<Page> pages = open(stack, WARM_UP);
        DirectModel model = new DirectModel(stack.model().address());
        askAll(Stream.generate(() -> model).limit(WARM_UP).toList());
        for (int time = 0; time < WARM_UPS; time++) {
            askAll(pages);
        }
        pages.forEach(Page::close);
    }

    private static List<Page> open(Stack stack, int count) throws IOException, InterruptedException {
        List<Page> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pages.add(new Page(stack.url()));
        }
        return pages;
    }

    private void round(String name, List<? extends Asker> askers) throws IOException, InterruptedException {
        Processes before = Processes.now();
        List<StreamTimes> replies = askAll(askers);
        List<Duration> firsts = new ArrayList<>();
        List<Duration> wholes = new ArrayList<>();
        List<Duration> gaps = new ArrayList<>();
        for (StreamTimes reply : replies) {
            wholes.add(reply.whole());
            firsts.add(reply.first());
            gaps.addAll(reply.gaps());
        }
        Map<Tier, Double> used = Processes.now().cpuSecondsSince(before);
        addRow(name, Sample.of(firsts), Sample.of(gaps), Sample.of(wholes), used, replies.size() * TOKENS / 1000.0);
    }

    /** All ask, spread over some seconds; returns when all have their answers. */
    private static List<StreamTimes> askAll(List<? extends Asker> askers) throws InterruptedException {
        StreamTimes[] replies = new StreamTimes[askers.size()];
        CountDownLatch asked = new CountDownLatch(replies.length);
        for (int i = 0; i < replies.length; i++) {
            int number = i;
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(SPREAD.multipliedBy(number).dividedBy(replies.length));
                    replies[number] = askers.get(number).ask("Stream " + number + " at " + System.nanoTime());
                } catch (InterruptedException | RuntimeException e) {
                    replies[number] = StreamTimes.failed("Not asked: " + e);
                } finally {
                    asked.countDown();
                }
            });
        }
        asked.await();
        for (StreamTimes reply : replies) {
            reply.whole();
        }
        return List.of(replies);
    }

    private void addRow(
            String name, Sample first, Sample gap, Sample whole, Map<Tier, Double> used, double thousandsOfTokens) {
        double own = MODELS_OWN_TIME.toMillis();
        boolean realTime = whole.percentile(1) <= LONGEST * own
                && first.percentile(0.99) < FIRST_MS
                && gap.percentile(0.99) < GAP_MS;
        double parley = used.entrySet().stream()
                .filter(entry -> entry.getKey().isParley())
                .mapToDouble(Map.Entry::getValue)
                .sum();
        report.add(String.format(
                Locale.ROOT,
                "| %s | %s | %.0f, %.0f | %.0f, %.0f, %.0f | %.3f, %.3f | %.3f | %s | %s |",
                name,
                realTime ? "yes" : "no",
                first.percentile(0.5),
                first.percentile(0.99),
                gap.percentile(0.5),
                gap.percentile(0.99),
                gap.percentile(1),
                whole.percentile(0.5) / own,
                whole.percentile(1) / own,
                parley / thousandsOfTokens,
                perThousand(used, thousandsOfTokens, true),
                perThousand(used, thousandsOfTokens, false)));
    }

    private static String perThousand(Map<Tier, Double> used, double thousandsOfTokens, boolean parley) {
        return used.entrySet().stream()
                .filter(entry -> entry.getKey().isParley() == parley)
                .map(entry -> String.format(
                        Locale.ROOT, "%s %.3f", entry.getKey().title, entry.getValue() / thousandsOfTokens))
                .collect(Collectors.joining(", "));
    }

    private static String resident(Map<Tier, Double> megabytes) {
        return megabytes.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %.0f MB", entry.getKey().title, entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
