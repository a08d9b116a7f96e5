package chat.parley.e2e.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A guest's session and the HTTP calls that it may make. Several clients, as tabs of a browser, may share one. */
public final class Session {
    private static final Duration CALL_BUDGET = Duration.ofSeconds(20);

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final URI page;
    private final HttpClient http;
    private volatile @Nullable String cookie;
    private volatile String setCookie = "";
    private volatile String userId = "";

    private Session(URI page, HttpClient http) {
        this.page = page;
        this.http = http;
    }

    /** What an HTTP call answered. */
    public record Answer(int status, String contentType, String body) {
        /** The body as JSON. */
        public JsonNode json() {
            return Json.parse(body);
        }
    }

    /** No session at all. */
    public static Session none(URI page) {
        return new Session(page, HTTP);
    }

    /**
     * A new guest's session.
     *
     * @throws UncheckedIOException if the server does not answer
     */
    public static Session open(URI page) {
        return open(page, HTTP);
    }

    /**
     * A new guest's session, for all of whose connections this client is used.
     *
     * @throws UncheckedIOException if the server does not answer
     */
    public static Session open(URI page, HttpClient http) {
        Session session = new Session(page, http);
        session.renew();
        return session;
    }

    /** Asks for the session again; with a valid cookie the user stays the same. */
    public void renew() {
        Answer answer = call("POST", "/api/session", "{}");
        if (answer.status() != 200) {
            throw new UncheckedIOException(new IOException("POST /api/session got " + answer));
        }
        String id = Json.text(Json.objectIn(answer.json(), "user"), "id");
        if (!userId.isEmpty() && !userId.equals(id)) {
            throw new ProtocolViolation("The session of " + userId + " became one of " + id);
        }
        userId = id;
    }

    /** What makes its connections. */
    HttpClient http() {
        return http;
    }

    /** The address of the page. */
    public URI page() {
        return page;
    }

    /** Empty without a session. */
    public String userId() {
        return userId;
    }

    /** The {@code name=value} to send. */
    public Optional<String> cookie() {
        return Optional.ofNullable(cookie);
    }

    /** The {@code Set-Cookie} header that came last. */
    public String setCookie() {
        return setCookie;
    }

    /** Calls without a body. */
    public Answer get(String path) {
        return call("GET", path, null);
    }

    /**
     * Makes a call.
     *
     * @param body JSON; null for none
     * @param headers names and values in turn
     * @throws UncheckedIOException if there is no answer
     */
    public Answer call(String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(page.resolve(path))
                .timeout(CALL_BUDGET)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        cookie().ifPresent(value -> request.setHeader("Cookie", value));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in " + method + " " + path, e);
        }
    }

    private void keep(String header) {
        HttpCookie parsed = HttpCookie.parse(header).getFirst();
        cookie = parsed.getName() + "=" + parsed.getValue();
        setCookie = header;
    }
}
