package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The model's knobs and counters; {@code testing/openai-stub/README.md} lists them. */
public final class ModelStub {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration BUDGET = Duration.ofSeconds(10);
    private static final int ALL = 100_000;

    private final URI address;

    /**
     * Makes one that reaches a running stub.
     *
     * @param address such as {@code http://127.0.0.1:9090}
     */
    public ModelStub(URI address) {
        this.address = address;
    }

    /** Where it listens. */
    public URI address() {
        return address;
    }

    /** Changes how calls that start from now on are answered, by a JSON object of the knobs. */
    public JsonNode behave(String json) {
        return send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(json)), "/stub/behavior");
    }

    /** Forgets all calls but those under way, and goes back to the behavior of the start. */
    public void reset() {
        send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), "/stub/reset");
    }

    /** The counters. */
    public JsonNode stats() {
        return send(HttpRequest.newBuilder(), "/stub/stats");
    }

    /** All that it remembers, oldest first, titles too. */
    public List<JsonNode> calls() {
        List<JsonNode> calls = new ArrayList<>();
        send(HttpRequest.newBuilder(), "/stub/calls?last=" + ALL).forEach(calls::add);
        return calls;
    }

    /** The calls whose question starts so, oldest first, titles left out. */
    public List<JsonNode> callsFor(String question) {
        List<JsonNode> calls = new ArrayList<>();
        for (JsonNode call : calls()) {
            if (!call.path("title").asBoolean()
                    && call.path("question").asString("").startsWith(question)) {
                calls.add(call);
            }
        }
        return calls;
    }

    private JsonNode send(HttpRequest.Builder request, String path) {
        try {
            HttpResponse<String> response = HTTP.send(
                    request.uri(address.resolve(path)).timeout(BUDGET).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + " got " + response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("The stub does not answer " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
