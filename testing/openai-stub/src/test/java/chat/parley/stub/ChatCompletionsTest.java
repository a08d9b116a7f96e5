package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ChatCompletionsTest {
    private OpenAiStub stub;
    private StubClient client;

    @BeforeEach
    void start() throws Exception {
        stub = OpenAiStub.start(0);
        client = new StubClient(stub);
    }

    @AfterEach
    void stop() {
        client.close();
        stub.close();
    }

    @Test
    void streamsTheReplyInTheShapeOfOpenAi() throws Exception {
        HttpResponse<String> response = client.ask("Hello");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        List<JsonNode> chunks = StubClient.chunks(response.body());
        assertThat(chunks).hasSize(StubReply.DEFAULT_TOKENS + 2).allSatisfy(chunk -> {
            assertThat(chunk.path("object").stringValue()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("id")).isEqualTo(chunks.getFirst().path("id"));
            assertThat(chunk.path("model").stringValue()).isEqualTo("gpt-test");
            assertThat(chunk.has("usage")).isFalse();
        });
        assertThat(chunks.getFirst().at("/choices/0/delta"))
                .isEqualTo(StubClient.JSON.readTree("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}"));
        assertThat(chunks.getLast().at("/choices/0").toString())
                .isEqualTo("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}");
        assertThat(StubClient.text(response.body()))
                .isEqualTo(StubReply.of("Hello").text());
    }

    @Test
    void endsAStreamWithTheUsageIfAsked() throws Exception {
        ObjectNode request = StubClient.question("Hello [[tokens=7]]");
        request.putObject("stream_options").put("include_usage", true);

        List<JsonNode> chunks = StubClient.chunks(
                client.post("/v1/chat/completions", request, Map.of()).body());

        assertThat(chunks.subList(0, chunks.size() - 1))
                .allSatisfy(chunk -> assertThat(chunk.get("usage").isNull()).isTrue());
        JsonNode last = chunks.getLast();
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.at("/usage/prompt_tokens").intValue()).isEqualTo(6);
        assertThat(last.at("/usage/completion_tokens").intValue()).isEqualTo(7);
        assertThat(last.at("/usage/total_tokens").intValue()).isEqualTo(13);
    }

    @Test
    void answersInOnePieceWithoutStream() throws Exception {
        JsonNode body = StubClient.JSON.readTree(client.askWhole("Hello").body());

        assertThat(body.path("object").stringValue()).isEqualTo("chat.completion");
        assertThat(body.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
        assertThat(body.at("/choices/0/message/content").stringValue())
                .isEqualTo(StubReply.of("Hello").text());
        assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
        assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(StubReply.DEFAULT_TOKENS);
    }

    @Test
    void provesThatTheHistoryWasSent() throws Exception {
        ObjectNode request = StubClient.question("First");
        request.withArray("messages").addObject().put("role", "assistant").put("content", "Answer");
        ObjectNode second = request.withArray("messages").addObject().put("role", "user");
        second.putArray("content").addObject().put("type", "text").put("text", "Second");

        String text = StubClient.text(
                client.post("/v1/chat/completions", request, Map.of()).body());

        assertThat(text)
                .isEqualTo(StubReply.of(
                                List.of(
                                        new StubReply.Message("user", "First"),
                                        new StubReply.Message("assistant", "Answer"),
                                        new StubReply.Message("user", "Second")),
                                StubReply.DEFAULT_TOKENS)
                        .text())
                .contains("This is message 2 of this conversation; 2 came before it");
    }

    @Test
    void keepsToTheRequestsLimit() throws Exception {
        ObjectNode request = StubClient.question("Hello").put("max_completion_tokens", 4);

        List<JsonNode> chunks = StubClient.chunks(
                client.post("/v1/chat/completions", request, Map.of()).body());

        assertThat(chunks).hasSize(6);
        assertThat(chunks.getLast().at("/choices/0/finish_reason").stringValue())
                .isEqualTo("length");
    }

    @Test
    void waitsForTheFirstTokenAndKeepsToTheRate() throws Exception {
        long start = System.nanoTime();
        client.ask("Hello [[delay=200ms rate=50 tokens=21]]");
        long millis = (System.nanoTime() - start) / 1_000_000;

        // 200 ms, then 20 more tokens of 20 ms.
        assertThat(millis).isBetween(600L, 20_000L);
        CallRecord call = stub.calls(1).getFirst();
        assertThat(call.firstTokenMillis()).isBetween(200L, 20_000L);
        assertThat(call.durationMillis()).isBetween(600L, 20_000L);
    }

    @Test
    void listsItsModel() throws Exception {
        assertThat(client.get("/v1/models").at("/data/0/id").stringValue()).isEqualTo(StubReply.MODEL);
    }

    @Test
    void letsOnlyTheRequiredKeyIn() throws Exception {
        StubSettings settings = new StubSettings("127.0.0.1", 0, Mode.TEST, "sk-right", Behavior.plain());
        try (OpenAiStub locked = OpenAiStub.start(settings);
                StubClient guest = new StubClient(locked)) {
            ObjectNode request = StubClient.question("Hello");
            String path = "/v1/chat/completions";

            HttpResponse<String> wrong = guest.post(path, request, Map.of("Authorization", "Bearer sk-wrong"));
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(StubClient.error(wrong).path("code").stringValue()).isEqualTo("invalid_api_key");
            assertThat(StubClient.error(wrong).path("message").stringValue())
                    .startsWith("Incorrect API key provided")
                    .doesNotContain("sk-");
            assertThat(guest.post(path, request, Map.of()).statusCode()).isEqualTo(401);
            assertThat(guest.post(path, request, Map.of("Authorization", "Bearer sk-right"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(locked.stats().rejected()).isEqualTo(2);
            assertThat(locked.stats().calls()).isEqualTo(1);
        }
    }
}
