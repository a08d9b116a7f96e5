package chat.parley.standalone;

import chat.parley.assistant.AssistantApplication;
import chat.parley.conversation.ConversationApplication;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the JVM watches to make its AOT cache (JEP 514), so that later starts are quick: Parley starts, a person opens
 * the page and asks the demo model one question, and it ends.
 */
final class TrainingRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TrainingRun() {}

    /**
     * Ends with 0 when the question was answered, else with 1.
     *
     * @param arguments a folder for its data, which is of no use afterwards
     */
    public static void main(String[] arguments) {
        try {
            run(Path.of(arguments[0]));
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace();
            // Nothing is kept of it, and threads of libraries may still be there.
            Runtime.getRuntime().halt(1);
        }
        System.exit(0);
    }

    private static void run(Path data) throws IOException, InterruptedException {
        int port = freePort();
        StandaloneProperties properties = StandaloneApplication.properties(new String[] {
            "--parley.standalone.address=127.0.0.1",
            "--parley.standalone.port=" + port,
            "--parley.standalone.data-dir=" + data,
            "--parley.standalone.openai-api-key="
        });
        try (Parley parley = new Parley(properties, ConversationApplication.class, AssistantApplication.class)) {
            parley.start();
            ask(URI.create("http://127.0.0.1:" + port));
        }
    }

    private static void ask(URI url) throws IOException, InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        HttpClient browser =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        browser.send(request(url).build(), HttpResponse.BodyHandlers.discarding());
        HttpRequest session = request(url.resolve("/api/session"))
                .header("Content-Type", "application/json")
                .header("Origin", url.toString())
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        browser.send(session, HttpResponse.BodyHandlers.discarding());
        WebSocket socket = browser.newWebSocketBuilder()
                .subprotocols("parley.v1")
                .header("Origin", url.toString())
                .connectTimeout(PATIENCE)
                .buildAsync(URI.create("ws://" + url.getAuthority() + "/ws"), new Listener(answered))
                .join();
        socket.sendText("""
                {"type":"subscribe","id":"1","conversationId":"training"}""", true).join();
        socket.sendText("""
                {"type":"send","id":"2","conversationId":"training","messageId":"1","parentId":null,"text":"What is Parley?"}""", true).join();
        boolean inTime = answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        // The client is not closed: that would wait for what may never end.
        socket.abort();
        if (!inTime) {
            throw new IllegalStateException("No answer came");
        }
    }

    private static HttpRequest.Builder request(URI url) {
        return HttpRequest.newBuilder(url).timeout(PATIENCE);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private record Listener(CountDownLatch answered) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            if (data.toString().contains("\"reply.completed\"")) {
                answered.countDown();
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }
    }
}
