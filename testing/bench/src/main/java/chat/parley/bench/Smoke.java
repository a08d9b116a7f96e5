package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Processes.Tier;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.util.List;

/**
 * Two minutes that tell whether a change has made something several times worse. Ratios within one run only, because
 * they mean the same on every machine; and wide bounds, because two minutes tell no more.
 */
final class Smoke {
    private static final int WARM_UP = 300;
    private static final int TURNS = 2;
    private static final int CALLS_PER_TURN = 50;
    private static final int STREAMS = 50;
    private static final int PAGES = 10;
    private static final int TOKENS_PER_SECOND = 50;

    private static final double MOST_FLOORS = 10;
    private static final double LONGEST = 1.1;
    private static final double MOST_PROCESSOR_TIME = 15;
    private static final double MOST_GROWTH = 1.5;

    private final Report report = new Report("smoke", "Smoke");
    private final Table table =
            report.table("Ratios", "what", List.of(Column.of("measured", 2), Column.of("at most", 2)));
    private boolean withinBounds = true;

    private Smoke() {}

    /** Whether everything was within its bounds. */
    static boolean run(Arguments told) throws IOException, InterruptedException {
        Smoke smoke = new Smoke();
        try (Stack stack = Stack.start(told.stack().replicas(1, 1))) {
            smoke.firstToken(stack);
            smoke.streams(stack);
            smoke.bytes(stack);
        }
        smoke.report.add("");
        smoke.report.add(smoke.withinBounds ? "All are within their bounds." : "**Not all are within their bounds.**");
        smoke.report.write();
        return smoke.withinBounds;
    }

    private void firstToken(Stack stack) throws IOException, InterruptedException {
        Reply.AT_ONCE.by(stack.model());
        try (Legs legs = new Legs(stack)) {
            legs.warmUp(WARM_UP);
            check(
                    "what Parley adds to the first token ÷ sum of floors, p50",
                    legs.take(TURNS, CALLS_PER_TURN).ratio(),
                    MOST_FLOORS);
        }
    }

    private void streams(Stack stack) throws IOException, InterruptedException {
        Reply.STREAM.by(stack.model());
        Streams.warmUp(stack, STREAMS, 1);
        List<Page> pages = Page.open(stack.url(), STREAMS);
        Round round = Round.of(pages, Reply.STREAM);
        pages.forEach(Page::close);
        check(STREAMS + " streams: longest ÷ model's own time", round.timesModelsOwn(1), LONGEST);
        check(
                STREAMS + " streams: processor time of Parley ÷ of load and model stub",
                round.cost().perThousandTokens(Tier::isParley)
                        / round.cost().perThousandTokens(tier -> !tier.isParley()),
                MOST_PROCESSOR_TIME);
    }

    private void bytes(Stack stack) throws IOException, InterruptedException {
        try (TrafficMeter meter = new TrafficMeter(stack, PAGES, 0)) {
            Traffic ofShort = meter.perToken(Reply.ofCharacters(1000, TOKENS_PER_SECOND));
            Traffic ofLong = meter.perToken(Reply.ofCharacters(4000, TOKENS_PER_SECOND));
            check(
                    "bytes for each token: 4,000 ÷ 1,000 characters, the most of all sockets",
                    ofLong.dividedBy(ofShort).most(),
                    MOST_GROWTH);
        }
    }

    private void check(String what, double measured, double bound) {
        table.row(what, List.of(measured, bound));
        // Not a number is out of bounds, too.
        withinBounds &= measured <= bound;
    }
}
