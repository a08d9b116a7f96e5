package chat.parley.bench;

import chat.parley.e2e.client.Session;
import chat.parley.e2e.client.Socket;
import chat.parley.events.Id;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A guest with one socket, who asks one question after the other, each in a new conversation. It reads frames by the
 * words in them: what is measured is Parley, not a JSON parser.
 */
final class Page implements Asker, Socket.Listener, AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Socket socket;
    private volatile CompletableFuture<Void> answer = new CompletableFuture<>();
    private volatile @Nullable StreamTimes reply;
    private volatile String expected = "\"welcome\"";
    private @Nullable String conversation;

    Page(URI url) throws IOException, InterruptedException {
        Session session = Session.open(url);
        CompletableFuture<Void> welcome = answer;
        socket = Socket.open(HTTP, url, Map.of("Cookie", session.cookie().orElseThrow()), this);
        await(welcome);
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
        if (conversation != null) {
            request("\"ok\"", """
                    {"type":"unsubscribe","id":"u","conversationId":"%s"}""".formatted(conversation));
        }
        conversation = Id.random().value();
        request("\"subscribed\"", """
                {"type":"subscribe","id":"s","conversationId":"%s"}""".formatted(conversation));
        StreamTimes times = new StreamTimes();
        reply = times;
        socket.send("""
                {"type":"send","id":"q","conversationId":"%s","messageId":"m","parentId":null,"text":"%s"}""".formatted(conversation, question));
        return times;
    }

    private void request(String answerHolds, String frame) throws InterruptedException {
        CompletableFuture<Void> coming = new CompletableFuture<>();
        expected = answerHolds;
        answer = coming;
        socket.send(frame);
        await(coming);
    }

    private static void await(CompletableFuture<Void> coming) throws InterruptedException {
        try {
            coming.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Parley did not answer", e);
        }
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
        } else if (text.contains(expected)) {
            answer.complete(null);
        }
    }

    @Override
    public void closed(int code, String reason) {
        end("Closed with " + code + " " + reason);
    }

    private void end(String why) {
        answer.completeExceptionally(new IllegalStateException(why));
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
