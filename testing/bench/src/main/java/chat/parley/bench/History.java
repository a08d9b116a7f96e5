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

    /** Does something once, and returns what came. */
    private interface Call {
        List<String> make() throws IOException, InterruptedException;
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
            Conversation longOne = talker.talk(messages / 2, QUESTION);
            for (int i = 1; i < CONVERSATIONS; i++) {
                Conversation _ = talker.talk(1, QUESTION);
            }
            report.add(
                    "A conversation of " + messages + " messages, half of them answers of " + TOKENS
                            + " tokens, and " + (CONVERSATIONS - 1)
                            + " conversations of two; one of each part, through nginx, one call after the other. The clock stops when all is on the client.");
            List<Column> columns = new ArrayList<>(Sample.columns());
            columns.add(new Column("bytes", "kB", 1));
            Table table = report.table("Times", "what", columns);
            Session session = talker.session();
            row(table, "snapshot by GET, whole", () -> get(session, List.of("/api/conversations/" + longOne.id())));
            row(table, "subscribe, whole", () -> List.of(talker.subscribe(longOne, "")));
            String newest = ",\"limit\":" + NEWEST;
            row(table, "subscribe, newest " + NEWEST, () -> List.of(talker.subscribe(longOne, newest)));
            String end = ",\"after\":\"" + Conversation.cursor(talker.subscribe(longOne, newest)) + "\"";
            row(table, "subscribe, nothing new", () -> List.of(talker.subscribe(longOne, end)));
            row(
                    table,
                    "list, first " + FIRST_PAGE,
                    () -> get(session, List.of("/api/conversations?limit=" + FIRST_PAGE)));
            List<String> pages = pages(session);
            row(table, "list, all " + CONVERSATIONS + " in pages of 200", () -> get(session, pages));
        }
        report.write();
    }

    private static void row(Table table, String name, Call call) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            call.make();
        }
        List<Duration> took = new ArrayList<>();
        List<String> came = List.of();
        for (int i = 0; i < CALLS; i++) {
            long began = System.nanoTime();
            came = call.make();
            took.add(Duration.ofNanos(System.nanoTime() - began));
        }
        long bytes = came.stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        List<Double> figures = new ArrayList<>(Sample.of(took).figures());
        figures.add(bytes / 1e3);
        table.row(name, figures);
    }

    /** Calls one after the other. */
    private static List<String> get(Session session, List<String> paths) {
        return paths.stream().map(path -> answer(session, path)).toList();
    }

    /** The paths of all pages of the list. Nobody writes, so that they stay the same. */
    private static List<String> pages(Session session) {
        List<String> paths = new ArrayList<>();
        String next = "";
        do {
            paths.add("/api/conversations?limit=200" + (next.isEmpty() ? "" : "&cursor=" + next));
            next = Json.parse(answer(session, paths.getLast())).path("next").asString("");
        } while (!next.isEmpty());
        return paths;
    }

    private static String answer(Session session, String path) {
        Session.Answer answer = session.call("GET", path, null);
        if (answer.status() != 200) {
            throw new IllegalStateException(path + " got " + answer.status());
        }
        return answer.body();
    }
}
