package chat.parley.assistant;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A provider that fails, and repeats in all that it says the key that it was called with, and its own name. */
final class TalkativeProvider implements AutoCloseable {
    /** What to ask for, and is done: an answer of this status, or an error within an answer. */
    static final List<String> FAILURES = List.of(
            "302", "400", "401", "402", "403", "404", "408", "413", "418", "429", "500", "502", "stream", "garbage");

    private final HttpServer server;
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    private TalkativeProvider(HttpServer server) {
        this.server = server;
    }

    static TalkativeProvider start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TalkativeProvider provider = new TalkativeProvider(server);
        server.createContext("/", provider::answer);
        server.start();
        return provider;
    }

    /** Host and port. */
    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** What calls were let in with. */
    List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    private void answer(HttpExchange call) throws IOException {
        String question = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String key = call.getRequestHeaders().getFirst("Authorization");
        authorizations.add(key);
        String failure = FAILURES.stream()
                .filter(one -> question.contains("Fail " + one))
                .findFirst()
                .orElse("500");
        String said = key.replace("Bearer ", "") + " at " + host();
        String error = "{'error':{'message':'M %1$s','type':'T %1$s','code':'C %1$s','param':'P %1$s'}}"
                .formatted(said)
                .replace('\'', '"');
        call.getResponseHeaders().add("X-Request-Id", said);
        call.getResponseHeaders().add("WWW-Authenticate", "Bearer realm=\"" + said + "\"");
        switch (failure) {
            case "stream" -> send(call, 200, "text/event-stream", "data: " + error + "\n\n");
            case "garbage" -> send(call, 200, "text/event-stream", "data: {" + said + "\n\n");
            case "302" -> {
                call.getResponseHeaders()
                        .add("Location", "http://" + host() + "/v1/elsewhere?key=" + said.replace(' ', '-'));
                send(call, 302, "text/plain", said);
            }
            default -> send(call, Integer.parseInt(failure), "application/json", error);
        }
    }

    private static void send(HttpExchange call, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().add("Content-Type", type);
        call.sendResponseHeaders(status, body.length);
        try (var out = call.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
