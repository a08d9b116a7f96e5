package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.util.List;

/**
 * The floors of a token's way, and how far Parley is above them: each hop that it can't do without, alone, on the same
 * servers and in turns with the whole, on an idle system.
 */
final class Floors {
    private static final int WARM_UP = 1000;
    private static final int TURNS = 4;
    private static final int CALLS_PER_TURN = 50;

    private Floors() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        Report report = new Report("floors", "Floors of a token's way");
        try (Stack stack = Stack.start(told.stack().replicas(1, 1))) {
            Reply.AT_ONCE.by(stack.model());
            try (Legs legs = new Legs(stack)) {
                report.add("One of each part. After " + WARM_UP + " calls of each leg, " + TURNS + " turns of "
                        + CALLS_PER_TURN + " calls each, A B C …; Redis has appendfsync " + legs.appendfsync()
                        + ". The echo's Tomcat is in the bench's own process.");
                legs.warmUp(WARM_UP);
                add(report, legs.take(TURNS, CALLS_PER_TURN));
            }
        }
        report.write();
    }

    private static void add(Report report, WayOfAToken way) {
        Table legs = report.table("Legs", "leg", Sample.columns());
        way.samples().forEach((leg, sample) -> legs.row(leg.title, sample.figures()));
        Table sum = report.table(
                "At p50",
                "of all legs",
                List.of(
                        new Column("Parley adds", "ms", 2),
                        new Column("nginx adds", "ms", 2),
                        new Column("sum of floors", "ms", 2),
                        Column.of("ratio", 2)));
        sum.row(
                "nginx + 2 × publish + 2 × script + echo",
                List.of(way.added(), way.nginx(), way.sumOfFloors(), way.ratio()));
    }
}
