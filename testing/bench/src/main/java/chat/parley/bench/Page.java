package chat.parley.bench;

import chat.parley.e2e.client.Session;
import chat.parley.e2e.client.Socket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A guest with one socket, who asks one question after the other, each in a new conversation. */
final class Page implements Asker, Socket.Listener, AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Answers answers = new Answers("\"welcome\"");
    private final Socket socket;
    private volatile @Nullable StreamTimes reply;
    private @Nullable Conversation conversation;

    Page(URI url) throws IOException, InterruptedException {
        Session session = Session.open(url);
        socket = Socket.open(HTTP, url, Map.of("Cookie", session.cookie().orElseThrow()), this);
        try {
            String _ = answers.first();
        } catch (IllegalStateException | InterruptedException e) {
            socket.abort();
            throw e;
        }
    }

    /** So many guests. */
    static List<Page> open(URI url, int count) throws IOException, InterruptedException {
        List<Page> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pages.add(new Page(url));
        }
        return pages;
    }

    @Override
    public StreamTimes ask(String question) throws InterruptedException {
        return send(lookAtNew().ask(question));
    }

    /** Looks at a new conversation, and away from the one before. */
    Conversation lookAtNew() throws InterruptedException {
        Conversation before = conversation;
        if (before != null) {
            request(before.unsubscribe(), "\"ok\"");
        }
        Conversation next = Conversation.random();
        conversation = next;
        request(next.subscribe(""), "\"subscribed\"");
        return next;
    }

    /** Asks by a frame, in the conversation that it looks at. */
    StreamTimes send(String frame) {
        StreamTimes times = new StreamTimes();
        reply = times;
        socket.send(frame);
        return times;
    }

    private void request(String frame, String answerHolds) throws InterruptedException {
        String _ = answers.to(() -> socket.send(frame), answerHolds);
    }

    @Override
    public void frame(String text) {
        StreamTimes times = reply;
        if (times != null && text.contains("\"reply.delta\"")) {
            times.text();
        } else if (times != null && text.contains("\"reply.completed\"")) {
            times.end();
        } else if (text.contains("\"reply.failed\"") || text.contains("\"error\"")) {
            end("Refused: " + text);
        } else {
            answers.heard(text);
        }
    }

    @Override
    public void closed(int code, String reason) {
        end("Closed with " + code + " " + reason);
    }

    private void end(String why) {
        answers.fail(why);
        StreamTimes times = reply;
        if (times != null) {
            times.fail(why);
        }
    }

    @Override
    public void opened(Socket opened) {
        // it says welcome
    }

    @Override
    public void heard() {
        // only what it says counts
    }

    @Override
    public void close() {
        socket.abort();
    }
}
