package chat.parley.standalone;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A person's browser, written from the protocol page alone. Its cookie outlives its sockets. */
final class ChatClient implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long PATIENCE_SECONDS = 60;

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();
    private final URI base;
    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();

    ChatClient(URI base) {
        this.base = base;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(get(path).body());
    }

    /** The value of its session's cookie. */
    String cookie() {
        return cookies.getCookieStore().getCookies().getFirst().getValue();
    }

    /** Asks for a session, which keeps the user if there was one, and opens a socket. */
    Socket connect() throws IOException, InterruptedException {
        HttpRequest session = HttpRequest.newBuilder(base.resolve("/api/session"))
                .header("Content-Type", "application/json")
                .header("Origin", base.toString())
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        HttpResponse<String> answer = http.send(session, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("No session: " + answer.statusCode() + " " + answer.body());
        }
        frames.clear();
        WebSocket socket = http.newWebSocketBuilder()
                .subprotocols("parley.v1")
                .header("Origin", base.toString())
                .buildAsync(URI.create(base.toString().replace("http", "ws") + "/ws"), new Listener())
                .join();
        Socket connected = new Socket(socket);
        connected.await(frame -> frame.path("type").asString().equals("welcome"));
        return connected;
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    /** One socket. */
    final class Socket {
        private final WebSocket socket;

        private Socket(WebSocket socket) {
            this.socket = socket;
        }

        /** Sends a frame with an id of its own, and waits for its answer of this type. */
        JsonNode ask(String type, Map<String, Object> members, String answer) throws InterruptedException {
            Map<String, Object> frame = new HashMap<>(members);
            String id = UUID.randomUUID().toString();
            frame.put("id", id);
            frame.put("type", type);
            socket.sendText(JSON.writeValueAsString(frame), true).join();
            JsonNode answered =
                    await(received -> received.path("re").asString("").equals(id));
            if (!answered.path("type").asString().equals(answer)) {
                throw new AssertionError("Answered by " + answered);
            }
            return answered;
        }

        /** Waits for an event of this type in any conversation subscribed to; what comes before is dropped. */
        JsonNode event(String type) throws InterruptedException {
            return await(frame -> frame.path("event").path("type").asString("").equals(type))
                    .path("event");
        }

        JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
            while (true) {
                JsonNode frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (frame == null) {
                    throw new AssertionError("Nothing came");
                }
                if (wanted.test(frame)) {
                    return frame;
                }
            }
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                frames.add(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }
    }
}
