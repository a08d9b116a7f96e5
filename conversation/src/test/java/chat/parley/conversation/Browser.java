package chat.parley.conversation;

import chat.parley.events.Id;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user of the service who knows nothing but the protocol. */
public final class Browser {
    public static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Service service;
    private final String cookie;
    private final Id userId;

    private Browser(Service service, String cookie, Id userId) {
        this.service = service;
        this.cookie = cookie;
        this.userId = userId;
    }

    /** An answer to an HTTP call. */
    public record Answer(int status, String body, java.net.http.HttpHeaders headers) {
        public JsonNode json() {
            return JSON.readTree(body);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    /** A new guest. */
    public static Browser guest(Service service) {
        Answer answer = call(service, request(service, "/api/session").POST(BodyPublishers.noBody()));
        String cookie = answer.header("Set-Cookie").split(";", 2)[0];
        return new Browser(
                service, cookie, new Id(answer.json().path("user").path("id").asString()));
    }

    /** A new guest whose keys are, or are not, in the same shard as another's. */
    public static Browser guest(Service service, Browser other, boolean sameShard) {
        while (true) {
            Browser guest = guest(service);
            boolean same = chat.parley.events.Topology.shardOf(guest.userId)
                    == chat.parley.events.Topology.shardOf(other.userId);
            if (same == sameShard) {
                return guest;
            }
        }
    }

    /** The same browser at another replica. */
    public Browser at(Service other) {
        return new Browser(other, cookie, userId);
    }

    public Id userId() {
        return userId;
    }

    public String cookie() {
        return cookie;
    }

    public static HttpRequest.Builder request(Service service, String path) {
        return HttpRequest.newBuilder(service.http(path)).timeout(Duration.ofSeconds(20));
    }

    public HttpRequest.Builder request(String path) {
        return request(service, path).header("Cookie", cookie);
    }

    public Answer get(String path) {
        return call(request(path).GET());
    }

    public Answer delete(String path) {
        return call(request(path).DELETE());
    }

    /** Puts without a body. */
    public Answer put(String path) {
        return call(request(path).PUT(BodyPublishers.noBody()));
    }

    public Answer patch(String path, String json) {
        return call(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(json)));
    }

    public Answer call(HttpRequest.Builder request) {
        return call(service, request);
    }

    public static Answer call(Service service, HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Opens a socket and takes its welcome. */
    public Tab open() {
        Tab tab = connect(service.socket(), cookie, null);
        tab.take("welcome");
        return tab;
    }

    /** Opens a socket; its welcome is the first frame to take. */
    public static Tab connect(URI uri, @Nullable String cookie, @Nullable String origin) {
        Tab tab = new Tab();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .subprotocols("parley.v1");
        if (cookie != null) {
            builder.header("Cookie", cookie);
        }
        if (origin != null) {
            builder.header("Origin", origin);
        }
        tab.opened(builder.buildAsync(uri, tab).join());
        return tab;
    }
}
