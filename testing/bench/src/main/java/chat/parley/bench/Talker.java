package chat.parley.bench;

import chat.parley.e2e.client.Session;
import chat.parley.events.Id;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A guest with one socket who does one thing after the other, and waits for each. */
final class Talker implements LeanSocket.Listener, AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Session session;
    private final LeanSockets sockets = new LeanSockets();
    private final LeanSocket socket;
    private volatile String expected = "\"welcome\"";
    private volatile CompletableFuture<String> answer = new CompletableFuture<>();
    private String cursor = "";

    Talker(URI page) throws IOException, InterruptedException {
        session = Session.open(page);
        CompletableFuture<String> welcome = answer;
        socket = sockets.open(
                new InetSocketAddress(page.getHost(), page.getPort()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                session.cookie().orElseThrow(),
                this);
        String _ = await(welcome);
    }

    Session session() {
        return session;
    }

    /** Asks so many questions in a new conversation, whose id it returns, each after the answer to the one before. */
    String talk(int questions, String question) throws InterruptedException {
        String conversation = Id.random().value();
        long _ = subscribe(conversation, "");
        String parent = "null";
        for (int i = 0; i < questions; i++) {
            String reply = "r" + i;
            String _ = request("\"reply.completed\"", """
                    {"type":"send","id":"q","conversationId":"%s","messageId":"m%d","parentId":%s,"replyId":"%s","text":"%s"}""".formatted(conversation, i, parent, reply, question));
            parent = "\"" + reply + "\"";
        }
        unsubscribe(conversation);
        return conversation;
    }

    /**
     * Looks at a conversation anew, and returns how many bytes it was told.
     *
     * @param members more members of the frame, each after a comma
     */
    long subscribe(String conversation, String members) throws InterruptedException {
        String subscribed = request("\"subscribed\"", """
                {"type":"subscribe","id":"s","conversationId":"%s"%s}""".formatted(conversation, members));
        cursor = Visit.cursor(subscribed);
        return subscribed.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Where the conversation that was looked at last stood then. */
    String cursor() {
        return cursor;
    }

    private void unsubscribe(String conversation) throws InterruptedException {
        String _ = request("\"ok\"", """
                {"type":"unsubscribe","id":"u","conversationId":"%s"}""".formatted(conversation));
    }

    private String request(String answerHolds, String frame) throws InterruptedException {
        CompletableFuture<String> coming = new CompletableFuture<>();
        expected = answerHolds;
        answer = coming;
        socket.send(frame);
        return await(coming);
    }

    private static String await(CompletableFuture<String> coming) throws InterruptedException {
        try {
            return coming.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Parley did not answer: " + e, e);
        }
    }

    @Override
    public void text(LeanSocket from, String text) {
        if (text.contains("\"reply.failed\"") || text.startsWith("{\"type\":\"error\"")) {
            answer.completeExceptionally(new IllegalStateException(text));
        } else if (text.contains(expected)) {
            answer.complete(text);
        }
    }

    @Override
    public void ended(String why) {
        answer.completeExceptionally(new IllegalStateException(why));
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
