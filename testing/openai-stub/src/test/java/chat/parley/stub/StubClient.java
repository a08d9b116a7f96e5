package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Talks to the stub as any client of OpenAI would. */
final class StubClient implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final OpenAiStub stub;

    StubClient(OpenAiStub stub) {
        this.stub = stub;
    }

    /** A streaming request for the answer to one question. */
    static ObjectNode question(String text) {
        ObjectNode request = JSON.createObjectNode().put("model", "gpt-test").put("stream", true);
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    HttpResponse<String> ask(String question) throws IOException, InterruptedException {
        return post("/v1/chat/completions", question(question), Map.of());
    }

    HttpResponse<String> askWhole(String question) throws IOException, InterruptedException {
        return post("/v1/chat/completions", question(question).put("stream", false), Map.of());
    }

    HttpResponse<String> post(String path, JsonNode body, Map<String, String> headers)
            throws IOException, InterruptedException {
        return send("POST", path, JSON.writeValueAsString(body), headers);
    }

    HttpResponse<String> send(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stub.port() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send("GET", path, "", Map.of());
        assertThat(response.statusCode()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** The events of a stream's body, without {@code data: } before them. */
    static List<String> events(String body) {
        return body.lines()
                .filter(line -> !line.isEmpty())
                .map(line -> {
                    assertThat(line).startsWith("data: ");
                    return line.substring("data: ".length());
                })
                .toList();
    }

    /** The chunks of a stream that ends with {@code [DONE]}. */
    static List<JsonNode> chunks(String body) {
        List<String> events = events(body);
        assertThat(events).last().isEqualTo("[DONE]");
        return events.subList(0, events.size() - 1).stream().map(JSON::readTree).toList();
    }

    /** The words of a stream, however it ended. */
    static String text(String body) {
        return events(body).stream()
                .filter(event -> event.startsWith("{") && event.endsWith("}"))
                .map(event ->
                        JSON.readTree(event).at("/choices/0/delta/content").asString(""))
                .collect(Collectors.joining());
    }

    static JsonNode error(HttpResponse<String> response) {
        return JSON.readTree(response.body()).path("error");
    }

    @Override
    public void close() {
        http.close();
    }
}
