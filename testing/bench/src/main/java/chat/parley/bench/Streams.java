package chat.parley.bench;

import chat.parley.bench.Processes.Tier;
import chat.parley.e2e.stack.Stack;
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
    private static final int TOKENS = 200;
    private static final int TOKENS_PER_SECOND = 20;
    private static final Duration MODELS_OWN_TIME = Duration.ofMillis((TOKENS - 1) * 1000L / TOKENS_PER_SECOND);
    /** Questions of people don't come in the same millisecond. */
    private static final Duration SPREAD = Duration.ofSeconds(2);

    /** In real time: as fast as the model, soon, and without a pause that one sees. */
    private static final double LONGEST = 1.05;

    private static final double FIRST_MS = 1000;
    private static final double GAP_MS = 500;

    private final Report report = new Report("streams", "Streams at once");

    private Streams() {}

    static void run(List<Integer> counts, int conversations, int assistants) throws IOException, InterruptedException {
        Streams measurement = new Streams();
        int most = counts.stream().mapToInt(Integer::intValue).max().orElseThrow();
        var options = Bench.options()
                .replicas(conversations, assistants)
                .assistant("ASSISTANT_CONCURRENCY", Integer.toString(Math.ceilDiv(most, assistants)));
        try (Stack stack = Stack.start(options)) {
            measurement.measure(stack, counts);
        }
    }

    private void measure(Stack stack, List<Integer> counts) throws IOException, InterruptedException {
        report.add(String.format(
                Locale.ROOT,
                "%d Conversation, %d Assistant. Each stream has %d tokens, %d a second, which take the model %.2f s; the questions come within %d s.",
                stack.conversations().size(),
                stack.assistants().size(),
                TOKENS,
                TOKENS_PER_SECOND,
                MODELS_OWN_TIME.toMillis() / 1e3,
                SPREAD.toSeconds()));
        report.add("");
        report.add(
                "| streams | real time | first token p50, p99 ms | gap p50, p99, worst ms | time ÷ model's p50, worst | CPU s per 1,000 tokens | of that | load and stub |");
        report.add("| --- | --- | --- | --- | --- | --- | --- | --- |");
        stack.model().behave("{\"tokens\":20,\"rate\":0}");
        warmUp(stack);
        stack.model().behave("{\"tokens\":" + TOKENS + ",\"rate\":" + TOKENS_PER_SECOND + "}");
        DirectModel model = new DirectModel(stack.model().address());
        for (int count : counts) {
            round(
                    "model, " + count,
                    Stream.generate(() -> (Asker) model).limit(count).toList());
            List<Page> pages = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    pages.add(new Page(stack.url()));
                }
                round("Parley, " + count, pages);
            } finally {
                pages.forEach(Page::close);
            }
        }
        report.add("");
        report.add("Resident: " + resident(Processes.now().megabytes()));
        report.write();
    }

    /** A service that has just started runs in an interpreter. */
    private static void warmUp(Stack stack) throws IOException, InterruptedException {
        try (Page page = new Page(stack.url())) {
            for (int i = 0; i < 300; i++) {
                page.ask("Warm-up " + i + " at " + System.nanoTime()).whole();
            }
        }
    }

    private void round(String name, List<? extends Asker> askers) throws IOException, InterruptedException {
        StreamTimes[] replies = new StreamTimes[askers.size()];
        CountDownLatch asked = new CountDownLatch(askers.size());
        Processes before = Processes.now();
        for (int i = 0; i < replies.length; i++) {
            int number = i;
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(SPREAD.multipliedBy(number).dividedBy(replies.length));
                    replies[number] = askers.get(number).ask("Stream " + number + " at " + System.nanoTime());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    asked.countDown();
                }
            });
        }
        asked.await();
        List<Duration> firsts = new ArrayList<>();
        List<Duration> wholes = new ArrayList<>();
        List<Duration> gaps = new ArrayList<>();
        for (StreamTimes reply : replies) {
            wholes.add(reply.whole());
            firsts.add(reply.first());
            gaps.addAll(reply.gaps());
        }
        Map<Tier, Double> used = Processes.now().cpuSecondsSince(before);
        addRow(name, Sample.of(firsts), Sample.of(gaps), Sample.of(wholes), used, replies.length * TOKENS / 1000.0);
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
