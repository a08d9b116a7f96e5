package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import chat.parley.stub.OpenAiStub;
import chat.parley.testing.servers.RabbitServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The provider's key is known to the worker alone: whatever the provider does, it is in nothing that the worker says.
 * Nor is the provider's address, but for the one line of the log that tells at the start which one answers.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProviderKeyIT {
    private static final String KEY = "sk-planted-0123456789abcdef";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @Test
    void isKeptFromEveryoneByAProviderThatRepeatsIt(CapturedOutput output) throws Exception {
        try (TalkativeProvider provider = TalkativeProvider.start()) {
            List<String> questions = TalkativeProvider.FAILURES.stream()
                    .map(failure -> "Fail " + failure)
                    .toList();

            assertNothingIsTold(output, "http://" + provider.host() + "/v1", provider.host(), questions);
            assertThat(provider.authorizations())
                    .hasSizeGreaterThan(questions.size() - 1)
                    .contains("Bearer " + KEY);
        }
    }

    @Test
    void isKeptFromEveryoneWhereverACallBreaks(CapturedOutput output) throws Exception {
        try (OpenAiStub model = OpenAiStub.start(0)) {
            List<String> questions = List.of(
                    "Fail [[fail=401]]",
                    "Fail [[fail=429 retry-after=7]]",
                    "Fail [[fail=reset]]",
                    "Fail [[fail=close]]",
                    "Fail [[fail=reset after=3]]",
                    "Fail [[fail=short after=3]]",
                    "Fail [[fail=stream_error after=3]]",
                    "Fail [[fail=malformed]]",
                    "Fail [[fail=no_finish]]",
                    "Fail [[fail=empty]]",
                    "Fail [[fail=hang]]",
                    "Fail [[fail=refuse for=1m]]",
                    "Nobody listens");

            assertNothingIsTold(
                    output, model.baseUrl().toString(), model.baseUrl().getAuthority(), questions);
            assertThat(model.stats().calls()).isEqualTo(questions.size() - 1);
        }
    }

    @Test
    void isKeptFromEveryoneWhereThereIsNoProvider(CapturedOutput output) throws Exception {
        assertNothingIsTold(
                output, "https://planted-host.invalid/v1", "planted-host", List.of("Fail 1", "Fail 2", "Fail 3"));
    }

    /** The key is in the heap, and who reaches the management port has no right to it. */
    @Test
    void isInNoHeapDumpOfTheManagementPort() throws Exception {
        try (Worker worker = Worker.start(RabbitServer.get(), "OPENAI_API_KEY=" + KEY)) {
            JsonNode links = JSON.readTree(get(worker, "")).path("_links");

            assertThat(links.propertyNames())
                    .containsExactlyInAnyOrder(
                            "self", "health", "health-path", "metrics", "metrics-requiredMetricName");
            for (String path : List.of("/heapdump", "/threaddump", "/env", "/sbom")) {
                assertThat(JSON.readTree(get(worker, path)).path("status").asInt())
                        .as(path)
                        .isEqualTo(404);
            }
        }
    }

    private static void assertNothingIsTold(CapturedOutput output, String baseUrl, String host, List<String> questions)
            throws Exception {
        List<String> told = new ArrayList<>();
        try (Conversation conversation = new Conversation(RabbitServer.get());
                Worker worker = Worker.start(
                        RabbitServer.get(),
                        "OPENAI_API_KEY=" + KEY,
                        "OPENAI_BASE_URL=" + baseUrl,
                        "parley.assistant.timeouts.first-token=2s",
                        "parley.assistant.breaker.failures=1000")) {
            for (String question : questions) {
                ReplyRequested request = Requests.wantingTitle(Requests.of(question));
                conversation.ask(request);
                await().until(() -> conversation.isEnded(request.reply(), 1));
            }
            conversation.publish(Topology.REQUESTS, Topology.ANY, "no request".getBytes(StandardCharsets.UTF_8));
            await().until(() -> conversation.ready(Topology.DEAD_QUEUE) == 1);
            conversation.take(Topology.DEAD_QUEUE);
            await().until(() -> !conversation.announcements(worker.id()).isEmpty());
            told.addAll(conversation.raw());
            told.addAll(management(worker));
        }
        assertThat(told).hasSizeGreaterThan(questions.size()).noneMatch(text -> text.contains(KEY));
        assertThat(told).noneMatch(text -> text.contains(host));
        assertThat(output).contains("Attempt 1 failed").doesNotContain(KEY);
        assertThat(output.toString().lines().filter(line -> line.contains(host)))
                .singleElement()
                .asString()
                .contains("Replies come from " + baseUrl);
    }

    /** All that the management port tells: health, and each metric with its tags. */
    private static List<String> management(Worker worker) throws IOException, InterruptedException {
        List<String> answers = new ArrayList<>(List.of(get(worker, ""), get(worker, "/health"), get(worker, "/env")));
        String metrics = get(worker, "/metrics");
        answers.add(metrics);
        for (JsonNode name : JSON.readTree(metrics).path("names")) {
            answers.add(get(worker, "/metrics/" + name.asString()));
        }
        return answers;
    }

    private static String get(Worker worker, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + worker.managementPort() + "/actuator" + path);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
