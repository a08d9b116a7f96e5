package chat.parley.bench;

import chat.parley.e2e.client.Session;
import chat.parley.events.Id;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What a page does to ask one question, and nothing more. */
final class Page implements WebSocket.Listener, AutoCloseable {
    private static final long PATIENCE = 30;

    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;
    private volatile Waiting waiting = new Waiting("subscribed");

    /** A frame that is waited for, by words that it contains. */
    private record Waiting(String words, CompletableFuture<Long> came) {
        Waiting(String words) {
            this(words, new CompletableFuture<>());
        }
    }

    Page(URI url) {
        Session session = Session.open(url);
        URI address = URI.create(url.toString().replaceFirst("^http", "ws")).resolve("/ws");
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("parley.v1")
                .header("Cookie", session.cookie().orElseThrow())
                .buildAsync(address, this)
                .join();
    }

    /** The time from sending a question in a new conversation to its first delta. */
    Duration firstToken(String question) throws Exception {
        String conversation = Id.random().value();
        await("subscribed", """
                {"type":"subscribe","id":"s","conversationId":"%s"}""".formatted(conversation));
        Waiting first = new Waiting("\"reply.delta\"");
        waiting = first;
        long start = System.nanoTime();
        socket.sendText("""
                {"type":"send","id":"q","conversationId":"%s","messageId":"m","parentId":null,"text":"%s"}""".formatted(conversation, question), true).join();
        Duration took = Duration.ofNanos(first.came().get(PATIENCE, TimeUnit.SECONDS) - start);
        await("ok", """
                {"type":"unsubscribe","id":"u","conversationId":"%s"}""".formatted(conversation));
        return took;
    }

    private void await(String type, String frame) throws Exception {
        Waiting answer = new Waiting("\"" + type + "\"");
        waiting = answer;
        socket.sendText(frame, true).join();
        answer.came().get(PATIENCE, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            Waiting now = waiting;
            if (part.indexOf(now.words()) >= 0) {
                now.came().complete(System.nanoTime());
            } else if (part.indexOf("\"error\"") >= 0) {
                now.came().completeExceptionally(new IllegalStateException("Refused: " + part));
            }
            part.setLength(0);
        }
        webSocket.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
