package chat.parley.bench;

import chat.parley.bench.Processes.Tier;
import chat.parley.bench.Visit.Seen;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How soon all are back when all are cut off at once, and look again from where they were: by the network, where nobody
 * waits before he comes again, and by the death of their Conversation, where each waits as the page does.
 */
final class Storm {
    private static final int SOCKETS = 5000;
    /** Rounds in which the network breaks: the first finds code that has not been used much. */
    private static final int ROUNDS = 3;

    private static final String QUESTION = "Is there anything new?";
    private static final Duration UNTIL_QUIET = Duration.ofSeconds(8);

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
                    + " guests, each with one socket on one conversation of a question and its answer; one of each part, straight to Conversation, from 127.0.0.2 and seven more. Times are from the cut. Settings: "
                    + (settings.isEmpty() ? "none" : String.join(", ", settings)));
            report.add("");
            report.add(
                    "| cut | back | welcome p50, p99, all s | subscribed p50, p99, all s | resumed | CPU s: Conversation, Redis, load | failed tries |");
            report.add("| --- | --- | --- | --- | --- | --- | --- |");
            for (int round = 1; round <= ROUNDS; round++) {
                Thread.sleep(UNTIL_QUIET);
                row("network, " + round, crowd, sockets, crowd::cutAndComeBack);
            }
            Thread.sleep(UNTIL_QUIET);
            ProcessPart service = stack.conversation(0);
            row("kill -9 and start", crowd, sockets, () -> {
                Return coming = crowd.comeBackWhenLost();
                service.kill();
                service.launch();
                return coming;
            });
        }
        report.write();
    }

    /** Cuts all off. */
    private interface Cut {
        Return make() throws IOException;
    }

    private void row(String name, Crowd crowd, int sockets, Cut cut) throws IOException, InterruptedException {
        Processes before = Processes.now();
        long began = System.nanoTime();
        Return coming = cut.make();
        List<Seen> back = crowd.await(coming);
        Processes after = Processes.now();
        Map<Tier, Double> used = after.cpuSecondsSince(before);
        // A process that was killed took its count with it: then all is the new one's.
        used.replaceAll((tier, seconds) -> seconds < 0 ? after.cpuSeconds().getOrDefault(tier, 0.0) : seconds);
        report.add(String.format(
                Locale.ROOT,
                "| %s | %d of %d | %s | %s | %d | %.1f, %.1f, %.1f | %s |",
                name,
                back.size(),
                sockets,
                times(back.stream().map(seen -> since(began, seen.welcomedAt())).toList()),
                times(back.stream()
                        .map(seen -> since(began, seen.subscribedAt()))
                        .toList()),
                back.stream().filter(Seen::recovered).count(),
                used.getOrDefault(Tier.CONVERSATION, 0.0),
                used.getOrDefault(Tier.REDIS, 0.0),
                used.getOrDefault(Tier.LOAD, 0.0),
                coming.failures()));
    }

    private static Duration since(long began, long at) {
        return Duration.ofNanos(at - began);
    }

    private static String times(List<Duration> durations) {
        if (durations.isEmpty()) {
            return "never";
        }
        double milli = TimeUnit.SECONDS.toMillis(1);
        Sample sample = Sample.of(durations);
        return String.format(
                Locale.ROOT,
                "%.2f, %.2f, %.2f",
                sample.percentile(0.5) / milli,
                sample.percentile(0.99) / milli,
                sample.percentile(1) / milli);
    }
}
