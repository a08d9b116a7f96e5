package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.client.Json;
import chat.parley.e2e.client.Session;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long one waits for what has become long: a conversation, and the list of conversations. */
final class History {
    private static final int MESSAGES = 2000;
    private static final int CONVERSATIONS = 500;
    private static final int CALLS = 20;
    private static final int WARM_UPS = 20;
    /** As the page asks. */
    private static final int NEWEST = 100;

    private static final int FIRST_PAGE = 50;
    /** Tokens of an answer, about as many words. */
    private static final int TOKENS = 100;

    private static final String QUESTION =
            "What is there to say about the thing that I asked you before, in a few more words than the last time?";

    private final Report report = new Report("history", "Long conversations and long lists");

    private History() {}

    /** Does something once, and returns how many bytes came. */
    private interface Call {
        long make() throws IOException, InterruptedException;
    }

    static void run(Arguments told) throws IOException, InterruptedException {
        int messages = told.numbers().isEmpty() ? MESSAGES : told.numbers().getFirst();
        try (Stack stack = Stack.start(told.stack().replicas(1, 1).conversation("REPLIES_PER_USER", "64"))) {
            stack.model().behave("{\"tokens\":" + TOKENS + ",\"rate\":0}");
            new History().measure(stack.url(), messages);
        }
    }

    private void measure(URI page, int messages) throws IOException, InterruptedException {
        try (Talker talker = new Talker(page)) {
            String longOne = talker.talk(messages / 2, QUESTION);
            for (int i = 1; i < CONVERSATIONS; i++) {
                talker.talk(1, QUESTION);
            }
            report.add(
                    "A conversation of " + messages + " messages, half of them answers of " + TOKENS
                            + " tokens, and " + (CONVERSATIONS - 1)
                            + " conversations of two; one of each part, through nginx, one call after the other. The clock stops when all is on the client.");
            List<Column> columns = new ArrayList<>(Sample.columns());
            columns.add(new Column("bytes", "kB", 1));
            Table table = report.table("Times", "what", columns);
            Session session = talker.session();
            row(table, "snapshot by GET, whole", () -> get(session, "/api/conversations/" + longOne));
            row(table, "subscribe, whole", () -> talker.subscribe(longOne, ""));
            row(table, "subscribe, newest " + NEWEST, () -> talker.subscribe(longOne, ",\"limit\":" + NEWEST));
            String end = talker.cursor();
            row(table, "subscribe, nothing new", () -> talker.subscribe(longOne, ",\"after\":\"" + end + "\""));
            row(table, "list, first " + FIRST_PAGE, () -> get(session, "/api/conversations?limit=" + FIRST_PAGE));
            row(table, "list, all " + CONVERSATIONS + " in pages of 200", () -> list(session));
        }
        report.write();
    }

    private static void row(Table table, String name, Call call) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            call.make();
        }
        List<Duration> took = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < CALLS; i++) {
            long began = System.nanoTime();
            bytes = call.make();
            took.add(Duration.ofNanos(System.nanoTime() - began));
        }
        List<Double> figures = new ArrayList<>(Sample.of(took).figures());
        figures.add(bytes / 1e3);
        table.row(name, figures);
    }

    private static long get(Session session, String path) {
        return answer(session, path).getBytes(StandardCharsets.UTF_8).length;
    }

    private static long list(Session session) {
        long bytes = 0;
        String cursor = "";
        while (true) {
            String answer = answer(session, "/api/conversations?limit=200" + cursor);
            bytes += answer.getBytes(StandardCharsets.UTF_8).length;
            String next = Json.parse(answer).path("next").asString("");
            if (next.isEmpty()) {
                return bytes;
            }
            cursor = "&cursor=" + next;
        }
    }

    private static String answer(Session session, String path) {
        Session.Answer answer = session.call("GET", path, null);
        if (answer.status() != 200) {
            throw new IllegalStateException(path + " got " + answer.status());
        }
        return answer.body();
    }
}
