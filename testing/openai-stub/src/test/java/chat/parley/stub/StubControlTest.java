package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class StubControlTest {
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
    void changesTheBehaviorMemberByMember() throws Exception {
        behave("{\"tokens\":5,\"delay\":\"20ms\"}");
        JsonNode merged = StubClient.JSON.readTree(
                behave("{\"fail\":\"429\",\"retryAfter\":2}").body());

        assertThat(merged.toString())
                .isEqualTo("{\"delay\":\"20ms\",\"fail\":\"429\",\"retryafter\":\"2000ms\",\"tokens\":5}");
        assertThat(client.ask("Hello").headers().firstValue("Retry-After")).hasValue("2");

        behave("{\"fail\":null}");
        assertThat(StubClient.chunks(client.ask("Hello").body())).hasSize(7);
        assertThat(StubClient.chunks(client.ask("Hello [[tokens=3]]").body())).hasSize(5);
        assertThat(client.get("/stub/behavior").path("fail").stringValue()).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"speed\":1}",
                "{\"rate\":\"fast\"}",
                "{\"rate\":-1}",
                "{\"tokens\":1.5}",
                "{\"delay\":\"soon\"}",
                "{\"fail\":\"418\"}",
                "{\"early\":2}",
                "{\"fail\":{}}"
            })
    void refusesWhatIsNoBehavior(String body) throws Exception {
        HttpResponse<String> response = behave(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(StubClient.error(response).path("message").stringValue()).startsWith("Not a behavior");
        assertThat(client.get("/stub/behavior")).isEmpty();
    }

    @Test
    void ignoresWhatIsNoDirective() throws Exception {
        String question = "Hello [[tokens=x nonsense rate= =5 calls=1 [[wiki]] ]] [[]]";

        assertThat(StubClient.text(client.ask(question).body()))
                .isEqualTo(StubReply.of(question).text());
    }

    @Test
    void countsTitlesApart() throws Exception {
        ObjectNode request =
                StubClient.question("How do I bake bread? [[fail=500]]").put("stream", false);

        stub.behave("fail=503 calls=1");
        JsonNode title = StubClient.JSON.readTree(
                client.post("/v1/chat/completions", request, Map.of("X-Parley-Purpose", "title"))
                        .body());

        assertThat(title.at("/choices/0/message/content").stringValue()).isEqualTo("About How do I bake bread?");
        assertThat(stub.stats().titleCalls()).isEqualTo(1);
        assertThat(stub.stats().calls()).isZero();
        assertThat(stub.stats().completed()).isZero();
        assertThat(client.ask("Hello").statusCode()).isEqualTo(503);
    }

    @Test
    void failsTitlesTooWhileEverythingFails() throws Exception {
        stub.behave("fail=500");

        HttpResponse<String> response =
                client.post("/v1/chat/completions", StubClient.question("Hello"), Map.of("X-Parley-Purpose", "title"));

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(stub.stats().byFault()).isEmpty();
    }

    @Test
    void countsAndRemembersCalls() throws Exception {
        ObjectNode request = StubClient.question("Hello " + "x".repeat(300)).put("user", "u1");
        request.withArray("messages").insertObject(0).put("role", "system").put("content", "Be brief.");
        client.post("/v1/chat/completions", request, Map.of("X-Parley-Reply", "r1"));
        client.ask("Second [[fail=500]]");

        JsonNode stats = client.get("/stub/stats");
        assertThat(stats.path("calls").intValue()).isEqualTo(2);
        assertThat(stats.path("open").intValue()).isZero();
        assertThat(stats.path("maxOpen").intValue()).isEqualTo(1);
        assertThat(stats.path("completed").intValue()).isEqualTo(1);
        assertThat(stats.path("faulted").intValue()).isEqualTo(1);
        assertThat(stats.path("aborted").intValue()).isZero();
        assertThat(stats.path("titleCalls").intValue()).isZero();
        assertThat(stats.path("tokens").intValue()).isEqualTo(StubReply.DEFAULT_TOKENS);
        assertThat(stats.at("/byFault/500").intValue()).isEqualTo(1);

        JsonNode calls = client.get("/stub/calls");
        assertThat(calls).hasSize(2);
        JsonNode first = calls.get(0);
        assertThat(first.path("model").stringValue()).isEqualTo("gpt-test");
        assertThat(first.path("question").stringValue()).hasSize(200).startsWith("Hello x");
        assertThat(first.path("system").stringValue()).isEqualTo("Be brief.");
        assertThat(first.path("messages").intValue()).isEqualTo(2);
        assertThat(first.path("user").stringValue()).isEqualTo("u1");
        assertThat(first.path("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(first.path("at").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(first.path("host").stringValue()).isEqualTo("127.0.0.1:" + stub.port());
        assertThat(first.at("/headers/x-parley-reply").stringValue()).isEqualTo("r1");
        assertThat(calls.get(1).path("fault").stringValue()).isEqualTo("500");
        assertThat(client.get("/stub/calls?last=1").get(0)).isEqualTo(calls.get(1));
    }

    @Test
    void forgetsAllButTheCallsUnderWay() throws Exception {
        try (RawConnection hanging = new RawConnection(stub)) {
            hanging.send(RawConnection.completionRequest("Hang [[hang after=1]]"))
                    .readUntil("\"You \"");
            client.ask("Hello [[fail=500 times=1]]");
            stub.behave("fail=503");

            client.send("POST", "/stub/reset", "", Map.of());

            StubStats stats = stub.stats();
            assertThat(List.of(stats.calls(), stats.open(), stats.maxOpen())).containsOnly(1);
            assertThat(List.of(stats.completed(), stats.faulted(), stats.aborted()))
                    .containsOnly(0);
            assertThat(stub.calls(10)).hasSize(1);
            assertThat(client.ask("Hello [[fail=500 times=1]]").statusCode()).isEqualTo(500);
            assertThat(client.ask("Hello").statusCode()).isEqualTo(200);
        }
    }

    private HttpResponse<String> behave(String body) throws Exception {
        return client.send("POST", "/stub/behavior", body, Map.of());
    }
}
