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
    private static final int WARM_UP = 20;
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
        // Titles would be a second call to the model, beside the next question.
        StackOptions options = StackOptions.standard().assistant("TITLES", "false");
        try (Stack stack = Stack.start(options)) {
            stack.model().behave("{\"tokens\":20,\"rate\":0}");
            report(measure(stack.url(), stack.model().address()));
        }
    }

    private static List<String> measure(URI url, URI stub) throws Exception {
        DirectModel model = new DirectModel(stub);
        List<Duration> direct = new ArrayList<>();
        List<Duration> through = new ArrayList<>();
        try (Page page = new Page(url)) {
            ask(model::firstToken, WARM_UP);
            ask(page::firstToken, WARM_UP);
            for (int turn = 0; turn < TURNS; turn++) {
                direct.addAll(ask(model::firstToken, CALLS_PER_TURN));
                through.addAll(ask(page::firstToken, CALLS_PER_TURN));
            }
        }
        Sample a = Sample.of(direct);
        Sample b = Sample.of(through);
        return List.of(
                "# Added time to the first token",
                "",
                machine(),
                "",
                "| ms | calls | p50 | p95 | p99 | worst |",
                "| --- | --- | --- | --- | --- | --- |",
                a.row("A, the model directly"),
                b.row("B, through Parley"),
                "",
                String.format(
                        Locale.ROOT,
                        "Added: p50 %.1f ms, p99 %.1f ms.",
                        b.percentile(0.5) - a.percentile(0.5),
                        b.percentile(0.99) - a.percentile(0.99)));
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
                + "; everything on the same machine. Warm-up " + WARM_UP + " calls each, then " + TURNS
                + " turns of " + CALLS_PER_TURN + " calls each, A B A B.";
    }

    private static void report(List<String> lines) throws IOException {
        Path file = Path.of("target", "bench", "first-token.md");
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
        lines.forEach(System.out::println);
    }
}
