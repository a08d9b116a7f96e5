package chat.parley.bench;

import static java.lang.Double.NaN;

import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private static final String NAME = "first-token";
    private static final String TITLE = "Added time to the first token";

    private final Report report;

    private FirstToken(Report report) {
        this.report = report;
    }

    static void run(Arguments told) throws IOException, InterruptedException {
        @Nullable String url = System.getenv("PARLEY_URL");
        @Nullable String stub = System.getenv("PARLEY_STUB_URL");
        if (url != null && stub != null) {
            String where = "Only the load on this machine; Parley at " + url + ", its model stub at " + stub + ".";
            new FirstToken(new Report(NAME, TITLE, where)).measure(URI.create(url), URI.create(stub));
            return;
        }
        Report report = new Report(NAME, TITLE);
        report.add("One of each part, freshly started.");
        try (Stack stack = Stack.start(told.stack().replicas(1, 1))) {
            Reply.AT_ONCE.by(stack.model());
            new FirstToken(report).measure(stack.url(), stack.model().address());
        }
    }

    private void measure(URI url, URI stub) throws IOException, InterruptedException {
        report.add(
                TURNS + " turns of " + CALLS_PER_TURN
                        + " calls each, A B A B. No call of A belongs to one of B: what is said to be added at p99 is B's p99 less A's, and not the p99 of what single calls got added.");
        DirectModel model = new DirectModel(stub);
        int asked = 0;
        try (Page page = new Page(url)) {
            for (int warmUp : WARM_UPS) {
                ask(model, warmUp - asked);
                ask(page, warmUp - asked);
                List<Duration> direct = new ArrayList<>();
                List<Duration> through = new ArrayList<>();
                for (int turn = 0; turn < TURNS; turn++) {
                    direct.addAll(ask(model, CALLS_PER_TURN));
                    through.addAll(ask(page, CALLS_PER_TURN));
                }
                asked = warmUp + TURNS * CALLS_PER_TURN;
                addTable(warmUp, Sample.of(direct), Sample.of(through));
            }
        }
        report.write();
    }

    private void addTable(int warmUp, Sample direct, Sample through) {
        Table table = report.table("After " + warmUp + " calls", "time to the first token", Sample.columns());
        table.row("A, the model directly", direct.figures());
        table.row("B, through Parley", through.figures());
        table.row(
                "added: B's less A's",
                List.of(NaN, added(direct, through, 0.5), NaN, added(direct, through, 0.99), NaN));
    }

    private static double added(Sample direct, Sample through, double share) {
        return through.percentile(share) - direct.percentile(share);
    }

    private static List<Duration> ask(Asker asker, int times) throws InterruptedException {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            took.add(asker.firstToken());
        }
        return took;
    }
}
