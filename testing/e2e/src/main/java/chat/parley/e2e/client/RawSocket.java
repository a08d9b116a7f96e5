package chat.parley.e2e.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A socket without rules: sends what it is told and keeps what comes. For what {@link ParleyClient} never does. */
public final class RawSocket implements AutoCloseable, Socket.Listener {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Monitor monitor = new Monitor();
    private final List<JsonNode> frames = new ArrayList<>();
    private @Nullable Integer closeCode;
    private final Socket socket;

    private RawSocket(Session session, Map<String, String> headers) throws IOException {
        socket = Socket.open(session.http(), session.page(), headers, this);
    }

    /**
     * Opens one with the session's cookie.
     *
     * @param origin the {@code Origin} to claim; null for none
     * @throws IOException as {@link Socket#open}
     */
    public static RawSocket open(Session session, @Nullable String origin) throws IOException {
        Map<String, String> headers = new HashMap<>();
        session.cookie().ifPresent(cookie -> headers.put("Cookie", cookie));
        if (origin != null) {
            headers.put("Origin", origin);
        }
        return new RawSocket(session, headers);
    }

    /** The subprotocol that the server chose. */
    public String protocol() {
        return socket.protocol();
    }

    /** Sends a text frame as it is. */
    public void send(String text) {
        socket.send(text);
    }

    /** Sends a binary frame. */
    public void sendBinary(byte[] bytes) {
        socket.sendBinary(bytes);
    }

    /** The first frame of this type. */
    public JsonNode await(String type) {
        return await(type, frame -> true);
    }

    /** The answer to a request. */
    public JsonNode awaitAnswer(String requestId) {
        return awaitFrame(
                "answer to " + requestId, frame -> frame.path("re").asString("").equals(requestId));
    }

    /** The first frame of this type of which this holds. */
    public JsonNode await(String type, Predicate<JsonNode> condition) {
        return awaitFrame(type, frame -> frame.path("type").asString("").equals(type) && condition.test(frame));
    }

    /** The first frame of this type that came after another one, and of which this holds. */
    public JsonNode awaitAfter(JsonNode earlier, String type, Predicate<JsonNode> condition) {
        return awaitFrame(
                type,
                frame -> frames.lastIndexOf(frame) > frames.indexOf(earlier)
                        && frame.path("type").asString("").equals(type)
                        && condition.test(frame));
    }

    private JsonNode awaitFrame(String what, Predicate<JsonNode> condition) {
        monitor.await(
                what,
                PATIENCE,
                () -> find(condition).isPresent(),
                () -> "came: " + frames + ", closed with " + closeCode);
        return monitor.read(() -> find(condition).orElseThrow());
    }

    private Optional<JsonNode> find(Predicate<JsonNode> condition) {
        return frames.stream().filter(condition).findFirst();
    }

    /** All frames so far. */
    public List<JsonNode> frames() {
        return monitor.read(() -> List.copyOf(frames));
    }

    /** The code with which the server closed. */
    public int awaitClose() {
        monitor.await("close", PATIENCE, () -> closeCode != null, () -> "came: " + frames);
        return monitor.read(() -> closeCode == null ? Socket.ABNORMAL : closeCode);
    }

    @Override
    public void opened(Socket opened) {
        // open() returns the same
    }

    @Override
    public void frame(String text) {
        monitor.change(() -> frames.add(Json.parse(text)));
    }

    @Override
    public void heard() {
        // nothing depends on it here
    }

    @Override
    public void closed(int code, String reason) {
        monitor.change(() -> closeCode = code);
    }

    @Override
    public void close() {
        socket.close();
    }
}
