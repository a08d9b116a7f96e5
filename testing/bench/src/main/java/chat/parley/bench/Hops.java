package chat.parley.bench;

import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import chat.parley.events.Id;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the time to the first token goes, step by step: a proxy on each hop sees it pass. One question after the other,
 * on an idle system, to a model that answers at once. Proxies cost some time themselves, half of it in the step before
 * and half in the one after.
 */
final class Hops {
    private static final int WARM_UP = 1000;
    private static final int CALLS = 400;

    private Hops() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        StackOptions options = told.stack().replicas(1, 1);
        for (Hop hop : Hop.values()) {
            options = options.proxied(hop);
        }
        Report report = new Report("hops", "Where the time to the first token goes");
        try (Stack stack = Stack.start(options);
                Page page = new Page(stack.url())) {
            Reply.AT_ONCE.by(stack.model());
            for (int call = 0; call < WARM_UP; call++) {
                Duration _ = page.firstToken();
            }
            List<List<Duration>> trails = new ArrayList<>();
            for (int call = 0; call < CALLS; call++) {
                trails.add(follow(stack, page, call));
            }
            report.add("One of each part, a proxy on each hop. After " + WARM_UP + " calls, " + CALLS + " calls.");
            add(report, trails);
        }
        report.write();
    }

    private static List<Duration> follow(Stack stack, Page page, int call) throws InterruptedException {
        String question = "Hop by hop " + call + " at " + System.nanoTime();
        Conversation conversation = page.lookAtNew();
        String replyId = Id.random().value();
        Trail trail = new Trail(question, replyId);
        for (Hop hop : Hop.values()) {
            stack.proxy(hop, 0)
                    .tap((answer, bytes, length) -> trail.heard(hop, answer, bytes, length, System.nanoTime()));
        }
        StreamTimes times = page.send(conversation.ask(question, replyId));
        Duration _ = times.whole();
        return trail.steps(times.asked(), times.asked() + times.first().toNanos());
    }

    private static void add(Report report, List<List<Duration>> trails) {
        List<String> names = new ArrayList<>();
        for (Mark mark : Mark.values()) {
            names.add(mark.step);
        }
        names.add("the frame, to the page");
        Table table = report.table("Steps", "step", Sample.columns());
        for (int i = 0; i < names.size(); i++) {
            int step = i;
            Sample sample =
                    Sample.of(trails.stream().map(steps -> steps.get(step)).toList());
            table.row(i + 1 + ". " + names.get(i), sample.figures());
        }
        List<Duration> whole = trails.stream()
                .map(steps -> steps.stream().reduce(Duration.ZERO, Duration::plus))
                .toList();
        table.row("all steps", Sample.of(whole).figures());
    }
}
