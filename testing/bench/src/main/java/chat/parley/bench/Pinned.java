package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Processes.Tier;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a part costs as much on a core of its own as among all others: each in turn has the machine's last core, and
 * all others, the model and the load share the rest. Before and after each, all share all cores.
 */
final class Pinned {
    private static final int STREAMS = 50;
    private static final Reply REPLY = Reply.STREAM;
    private static final List<Tier> TIERS = List.of(Tier.CONVERSATION, Tier.ASSISTANT, Tier.RABBITMQ, Tier.REDIS);
    private static final double PERCENT = 100;

    private final Report report = new Report("pinned", "Parts on cores of their own");
    private final Table times = report.table("Times", "which part is alone", timeColumns());
    private final Map<Tier, Cost> before = new EnumMap<>(Tier.class);
    private final Map<Tier, Cost> alone = new EnumMap<>(Tier.class);
    private final Map<Tier, Cost> after = new EnumMap<>(Tier.class);

    private Pinned() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        int streams = told.numbers().isEmpty() ? STREAMS : told.numbers().getFirst();
        Cores cores = Cores.ofThisMachine();
        StackOptions options = told.stack()
                .replicas(1, 1)
                .assistant("ASSISTANT_CONCURRENCY", Integer.toString(Math.max(streams, Streams.WARM_UP)));
        Pinned measurement = new Pinned();
        try (Stack stack = Stack.start(options)) {
            REPLY.by(stack.model());
            Streams.warmUp(stack);
            List<Page> pages = Page.open(stack.url(), streams);
            Cost together = measurement.round("none", pages);
            for (Tier tier : TIERS) {
                measurement.before.put(tier, together);
                cores.giveTheLastTo(tier);
                measurement.alone.put(tier, measurement.round(tier.title(), pages));
                cores.shareAll();
                together = measurement.round("none", pages);
                measurement.after.put(tier, together);
            }
            pages.forEach(Page::close);
        }
        measurement.report(streams);
    }

    private Cost round(String name, List<Page> pages) throws IOException, InterruptedException {
        Round round = Round.of(pages, REPLY);
        times.row(
                name,
                List.of(
                        round.inTime(),
                        round.first().percentile(0.5),
                        round.first().percentile(0.99),
                        round.gaps().percentile(0.5),
                        round.gaps().percentile(0.99)));
        return round.cost();
    }

    private void report(int streams) throws IOException {
        Table costs = report.table(
                "Processor seconds per 1,000 tokens",
                "part",
                List.of(
                        new Column("together, before", "s", 3),
                        new Column("on a core of its own", "s", 3),
                        new Column("together, after", "s", 3),
                        new Column("difference", "%", 0)));
        for (Tier tier : TIERS) {
            double first = of(tier, before);
            double own = of(tier, alone);
            double again = of(tier, after);
            costs.row(tier.title(), List.of(first, own, again, PERCENT * (own / ((first + again) / 2) - 1)));
        }
        report.add("");
        report.add(String.format(
                Locale.ROOT,
                "One of each part, %d streams at once of %d tokens each, %d a second. The difference is to the mean of before and after.",
                streams,
                REPLY.tokens(),
                REPLY.tokensPerSecond()));
        report.write();
    }

    private static double of(Tier tier, Map<Tier, Cost> costs) {
        return Objects.requireNonNull(costs.get(tier)).perThousandTokens(tier::equals);
    }

    private static List<Column> timeColumns() {
        List<Column> columns = new ArrayList<>(List.of(new Column("in time", "%", 1)));
        columns.addAll(Report.columns("ms", 0, "first p50", "first p99", "gap p50", "gap p99"));
        return columns;
    }
}
