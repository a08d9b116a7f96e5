package chat.parley.bench;

import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much later the first token comes because of Parley: from a page's socket through every part to a model that
 * answers at once, against the same model called directly. One after the other, on an idle system, in turns A B A B.
 */
final class FirstToken {
    /** Calls before each measurement: a system that has just started, then one that has worked for some minutes. */
    private static final int[] WARM_UPS = {20, 1000};

    private static final int TURNS = 2;
    private static final int CALLS_PER_TURN = 50;

    private FirstToken() {}

    /** Something whose time to the first token can be measured. */
    private interface Ask {
        Duration firstToken(String question) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        @Nullable String url = System.getenv("PARLEY_URL");
        @Nullable String stub = System.getenv("PARLEY_STUB_URL");
        if (url != null && stub != null) {
            report(measure(URI.create(url), URI.create(stub)));
            return;
        }
        // Titles would be a second call to the model, beside the next question; and no person asks so fast.
        StackOptions options = StackOptions.standard()
                .replicas(1, 1)
                .assistant("TITLES", "false")
                .conversation("PARLEY_LIVE_FRAMESPERSECOND", "1000000")
                .conversation("PARLEY_LIVE_FRAMEBURST", "1000000")
                .conversation("PARLEY_HISTORY_MESSAGESPERMINUTE", "1000000");
        try (Stack stack = Stack.start(options)) {
            stack.model().behave("{\"tokens\":20,\"rate\":0}");
            report(measure(stack.url(), stack.model().address()));
        }
    }

    private static List<String> measure(URI url, URI stub) throws Exception {
        List<String> lines = new ArrayList<>(List.of("# Added time to the first token", "", machine()));
        DirectModel model = new DirectModel(stub);
        int asked = 0;
        try (Page page = new Page(url)) {
            for (int warmUp : WARM_UPS) {
                ask(model::firstToken, warmUp - asked);
                ask(page::firstToken, warmUp - asked);
                List<Duration> direct = new ArrayList<>();
                List<Duration> through = new ArrayList<>();
                for (int turn = 0; turn < TURNS; turn++) {
                    direct.addAll(ask(model::firstToken, CALLS_PER_TURN));
                    through.addAll(ask(page::firstToken, CALLS_PER_TURN));
                }
                asked = warmUp + TURNS * CALLS_PER_TURN;
                lines.addAll(table(warmUp, Sample.of(direct), Sample.of(through)));
            }
        }
        return lines;
    }

    private static List<String> table(int warmUp, Sample direct, Sample through) {
        return List.of(
                "",
                "After " + warmUp + " calls:",
                "",
                "| ms | calls | p50 | p95 | p99 | worst |",
                "| --- | --- | --- | --- | --- | --- |",
                direct.row("A, the model directly"),
                through.row("B, through Parley"),
                "",
                String.format(
                        Locale.ROOT,
                        "Added: p50 %.1f ms, p99 %.1f ms.",
                        through.percentile(0.5) - direct.percentile(0.5),
                        through.percentile(0.99) - direct.percentile(0.99)));
    }

    private static List<Duration> ask(Ask ask, int times) throws Exception {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            took.add(ask.firstToken("Question " + i + " at " + System.nanoTime()));
        }
        return took;
    }

    private static String machine() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.availableProcessors() + " cores, Java "
                + Runtime.version().feature() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                + "; one of each part, everything on the same machine, freshly started. "
                + TURNS + " turns of " + CALLS_PER_TURN + " calls each, A B A B.";
    }

    private static void report(List<String> lines) throws IOException {
        Path file = Path.of("target", "bench", "first-token.md");
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
        lines.forEach(System.out::println);
    }
}
