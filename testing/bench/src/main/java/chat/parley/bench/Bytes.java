package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whether a token costs the same however long its reply is: the bytes that cross the sockets for each. */
final class Bytes {
    private static final int[] CHARACTERS = {1000, 4000, 16_000};
    private static final int PAGES = 10;
    private static final int WARM_UP = 1000;
    private static final int TOKENS_PER_SECOND = 50;

    private Bytes() {}

    static void run(Arguments told) throws IOException, InterruptedException {
        Report report = new Report("bytes", "Bytes for each token");
        report.add("One of each part. After " + WARM_UP + " questions " + PAGES
                + " pages get a reply each at about the same time, "
                + TOKENS_PER_SECOND + " tokens a second. Redis and RabbitMQ count their own sockets, a proxy in front"
                + " of nginx those of the pages, both ways. What idling takes is subtracted; the question, the start"
                + " and the end of each reply are in it.");
        try (Stack stack = Stack.start(told.stack().replicas(1, 1));
                TrafficMeter meter = new TrafficMeter(stack, PAGES, WARM_UP)) {
            Table idle = report.table("With " + PAGES + " idle pages", "bytes", Report.columns("", 0, columns()));
            idle.row("in a second", values(meter.idlePerSecond()));
            List<Column> columns = new ArrayList<>(List.of(Column.of("tokens", 0)));
            columns.addAll(Report.columns("bytes", 0, columns()));
            Table perToken = report.table("For each token", "characters of the reply", columns);
            List<Traffic> measured = new ArrayList<>();
            for (int characters : CHARACTERS) {
                Reply reply = Reply.ofCharacters(characters, TOKENS_PER_SECOND);
                Traffic traffic = meter.perToken(reply);
                List<Double> row = new ArrayList<>(List.of((double) reply.tokens()));
                row.addAll(values(traffic));
                perToken.row(Integer.toString(characters), row);
                measured.add(traffic);
            }
            Table growth = report.table(
                    "Compared with " + CHARACTERS[0] + " characters (1 is flat)",
                    "characters of the reply",
                    Report.columns("", 2, columns()));
            for (int i = 1; i < CHARACTERS.length; i++) {
                growth.row(
                        Integer.toString(CHARACTERS[i]), values(measured.get(i).dividedBy(measured.getFirst())));
            }
        }
        report.write();
    }

    private static String[] columns() {
        return new String[] {"into Redis", "out of Redis", "into the broker", "out of the broker", "pages' sockets"};
    }

    private static List<Double> values(Traffic traffic) {
        return List.of(traffic.redisIn(), traffic.redisOut(), traffic.brokerIn(), traffic.brokerOut(), traffic.pages());
    }
}
