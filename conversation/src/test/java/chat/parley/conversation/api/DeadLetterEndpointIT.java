package chat.parley.conversation.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Service;
import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.DeadLetterStore;
import chat.parley.conversation.history.DeadLetterStore.Bounds;
import chat.parley.conversation.reply.DeadLetters;
import chat.parley.conversation.reply.DeadLetters.Result;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The calls on the management port, and the script that makes them. */
class DeadLetterEndpointIT {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PATH = "/actuator/deadletters";
    private static final String PASSWORD = "pässword: of an \"operator\"";
    /** Of a reply that no one knows: it is applied, and changes nothing. */
    private static final byte[] HEARTBEAT =
            new EventJson().write(List.of(new ReplyHeartbeat(ReplyName.parse("ada/c/r"), 2, new Id("worker"))));

    private static final String FAKE_DOCKER = """
            #!/usr/bin/env bash
            # docker compose exec -T conversation COMMAND…
            [ "$1 $2 $3 $4" = "compose exec -T conversation" ] || exit 64
            shift 4
            exec "$@"
            """;

    private final Service service = Service.get();
    private final DeadLetterStore store = service.bean(DeadLetterStore.class);

    @TempDir
    private Path bin;

    @BeforeEach
    void forget() {
        store.dropAll();
        record("probe", 1, HEARTBEAT);
        // It may have only just been started, and not have found its broker yet.
        await().until(() ->
                service.bean(DeadLetters.class).replay(new Id("probe")).result() == Result.REPLAYED);
    }

    @Test
    void listsLettersWithoutTheirBodies() throws Exception {
        record("a", 1, "private words");
        record("b", 2, "private words");

        HttpResponse<String> answer = call("GET", "?limit=1", null, "*/*");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode listing = MAPPER.readTree(answer.body());
        assertThat(listing.path("total").asInt()).isEqualTo(2);
        assertThat(listing.path("items")).hasSize(1);
        JsonNode letter = listing.path("items").path(0);
        assertThat(letter.path("id").asString()).isEqualTo("b");
        assertThat(letter.path("at").asString()).isEqualTo("2026-11-23T10:15:32Z");
        assertThat(letter.path("reply").asString()).isEqualTo("ada/c/r");
        assertThat(letter.path("attempt").asInt()).isEqualTo(2);
        assertThat(letter.path("tries").asInt()).isEqualTo(21);
        assertThat(answer.body()).doesNotContain("private");
    }

    @Test
    void showsABodyOnlyToWhoAsksForIt() throws Exception {
        record("a", 1, "private words");

        assertThat(json("GET", "/a", null).path("cause").asString()).isEqualTo("delivery_limit");
        assertThat(call("GET", "/a", null, "*/*").body()).doesNotContain("private");
        assertThat(json("GET", "/a?body=true", null).path("body").asString()).isEqualTo("private words");
    }

    /** The heap has people's words, and the secret that signs sessions. */
    @Test
    void hasNoHeapDumpBesideIt() throws Exception {
        URI management = URI.create("http://127.0.0.1:" + service.managementPort() + "/actuator/");

        String root = HTTP.send(
                        HttpRequest.newBuilder(management.resolve("../actuator"))
                                .build(),
                        BodyHandlers.ofString())
                .body();

        assertThat(MAPPER.readTree(root).path("_links").propertyNames())
                .containsExactlyInAnyOrder(
                        "self",
                        "health",
                        "health-path",
                        "metrics",
                        "metrics-requiredMetricName",
                        "deadletters",
                        "deadletters-id");
        for (String path : List.of("heapdump", "threaddump", "env", "sbom")) {
            HttpRequest request =
                    HttpRequest.newBuilder(management.resolve(path)).build();
            assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void showsABodyThatIsNoTextInBase64() throws Exception {
        record("a", 1, new byte[] {(byte) 0xff, 0});

        assertThat(json("GET", "/a?body=true", null).path("bodyBase64").asString())
                .isEqualTo("/wA=");
    }

    @Test
    void replaysAndDrops() throws Exception {
        record("a", 1, HEARTBEAT);
        record("b", 2, HEARTBEAT);
        record("c", 3, HEARTBEAT);
        record("d", 4, HEARTBEAT);

        assertThat(json("POST", "", "{\"replay\":\"a\"}").path("replayed").asInt())
                .isEqualTo(1);
        assertThat(json("DELETE", "/b", null).path("dropped").asInt()).isEqualTo(1);
        assertThat(store.newest(10)).extracting(letter -> letter.id().value()).containsExactly("d", "c");
        assertThat(json("POST", "", "{\"replay\":\"all\"}").path("replayed").asInt())
                .isEqualTo(2);
        record("e", 5, HEARTBEAT);
        assertThat(json("DELETE", "", null).path("dropped").asInt()).isEqualTo(1);
        assertThat(store.count()).isZero();
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        store.record(
                new DeadLetter(new Id("stuck"), Instant.EPOCH, "", "", null, null, "", "", "", "", 1, 3, true),
                "???".getBytes(UTF_8),
                new Bounds(100, 1_000));

        assertRefused(call("GET", "/unknown", null, "*/*"), 404, "not_found");
        assertRefused(call("DELETE", "/unknown", null, "*/*"), 404, "not_found");
        assertRefused(call("GET", "/not%20an%20id", null, "*/*"), 404, "not_found");
        assertRefused(call("POST", "", "{\"replay\":\"unknown\"}", "*/*"), 404, "not_found");
        assertRefused(call("POST", "", "{\"replay\":\"stuck\"}", "*/*"), 409, "conflict");
        assertThat(call("POST", "", "{}", "*/*").statusCode()).isEqualTo(400);
        JsonNode all = json("POST", "", "{\"replay\":\"all\"}");
        assertThat(all.path("replayed").asInt()).isZero();
        assertThat(all.path("left").path(0).path("id").asString()).isEqualTo("stuck");
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).isEqualTo(status);
        JsonNode refusal = MAPPER.readTree(answer.body());
        assertThat(refusal.path("code").asString()).isEqualTo(code);
        assertThat(refusal.path("message").asString()).isNotBlank();
    }

    @Test
    void takesNoCallThatAPageOfAnotherSiteCouldMake() throws Exception {
        record("a", 1, HEARTBEAT);
        HttpRequest simple = HttpRequest.newBuilder(uri(""))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"replay\":\"all\"}"))
                .build();

        assertThat(HTTP.send(simple, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
        assertThat(store.count()).isEqualTo(1);
    }

    @Test
    void isNotOnThePortOfTheUsers() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(service.http(PATH)).build();
        assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode()).isIn(401, 404);
    }

    @Test
    void needsThePasswordWhereThereIsOne() throws Exception {
        try (Service guarded = Service.start("parley.operator.password=" + PASSWORD)) {
            int port = guarded.managementPort();
            record("a", 1, "private words");
            for (String path : List.of("", "/deadletters", "/deadletters/a", "/metrics", "/health/../metrics", "/x")) {
                URI uri = URI.create("http://127.0.0.1:" + port + "/actuator" + path);
                for (String method : List.of("GET", "POST", "DELETE")) {
                    HttpRequest request = HttpRequest.newBuilder(uri)
                            .header("Authorization", "Basic b3BlcmF0b3I6")
                            .method(method, BodyPublishers.noBody())
                            .build();
                    HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
                    assertThat(answer.statusCode()).as(method + path).isEqualTo(401);
                    assertThat(answer.body()).contains("MANAGEMENT_PASSWORD").doesNotContain("private");
                }
            }
            for (String path : List.of("/health", "/health/liveness", "/health/readiness")) {
                URI uri = URI.create("http://127.0.0.1:" + port + "/actuator" + path);
                assertThat(HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                                .statusCode())
                        .as(path)
                        .isIn(200, 503);
            }
            assertThat(store.count()).isEqualTo(1);

            assertThat(run(1, port, Map.of(), "list")).contains("MANAGEMENT_PASSWORD");
            assertThat(run(1, port, Map.of("MANAGEMENT_PASSWORD", "another one of that length"), "list"))
                    .contains("MANAGEMENT_PASSWORD");
            assertThat(run(0, port, Map.of("MANAGEMENT_PASSWORD", PASSWORD), "show", "a", "--body"))
                    .contains("private words");
            Path file = Files.writeString(bin.resolve("password"), PASSWORD + "\n");
            assertThat(run(0, port, Map.of("MANAGEMENT_PASSWORD_FILE", file.toString()), "list"))
                    .contains("delivery_limit");
            fakeDocker();
            assertThat(run(0, port, Map.of("MANAGEMENT_PASSWORD", PASSWORD), "--compose", "list"))
                    .contains("delivery_limit");
            assertThat(run(0, port, Map.of("MANAGEMENT_PASSWORD_FILE", file.toString()), "--compose", "drop", "a"))
                    .isEqualTo("Dropped 1 dead letter.\n");
        }
    }

    @Test
    void keepsTheServiceFromServingBothOnOnePort() {
        assertThatThrownBy(() -> Service.start("management.server.port=")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theScriptListsAndShows() throws Exception {
        assertThat(script(0, "list")).isEqualTo("There are no dead letters.\n");
        record("first", 1, "private \u001b[2J words");
        record("second", 2, "private words");

        String listed = script(0, "list");
        assertThat(listed.lines().map(line -> line.split(" +", -1)[0])).containsExactly("ID", "second", "first");
        assertThat(listed)
                .contains("assistant.requests", "delivery_limit", "ada/c/r/2")
                .doesNotContain("private");
        assertThat(script(0, "show", "first"))
                .contains("cause          delivery_limit")
                .doesNotContain("private");
        assertThat(script(0, "show", "first", "--body")).contains("private ?[2J words");
    }

    @Test
    void theScriptReplaysAndDrops() throws Exception {
        for (int i = 0; i < 5; i++) {
            record("l" + i, i, HEARTBEAT);
        }

        assertThat(script(0, "replay", "l0")).isEqualTo("Replayed 1 dead letter.\n");
        assertThat(script(0, "drop", "l1")).isEqualTo("Dropped 1 dead letter.\n");
        assertThat(script(0, "replay", "--all")).isEqualTo("Replayed 3 dead letters.\n");
        record("l5", 5, HEARTBEAT);
        assertThat(script(0, "drop", "--all")).isEqualTo("Dropped 1 dead letter.\n");
        assertThat(store.count()).isZero();
    }

    @Test
    void theScriptAsksThroughDockerCompose() throws Exception {
        fakeDocker();
        record("a", 1, "private words");
        record("b", 2, HEARTBEAT);

        assertThat(script(0, "--compose", "list").lines()).hasSize(3);
        assertThat(script(0, "--compose", "show", "a", "--body")).contains("private words");
        assertThat(script(0, "--compose", "replay", "b")).isEqualTo("Replayed 1 dead letter.\n");
        assertThat(script(1, "--compose", "drop", "b")).isEqualTo("There is no dead letter b.\n");
        assertThat(script(0, "--compose", "drop", "--all")).isEqualTo("Dropped 1 dead letter.\n");
    }

    @Test
    void theScriptSaysWhatIsWrong() throws Exception {
        assertThat(script(1, "show", "unknown")).isEqualTo("There is no dead letter unknown.\n");
        assertThat(script(2, "list", "more")).contains("script/dead-letters show ID");
        assertThat(script(2, "replay")).contains("script/dead-letters show ID");
        assertThat(script(2, "drop", "--everything")).contains("script/dead-letters show ID");
        assertThat(script(2, "show", "../health")).contains("script/dead-letters show ID");
        assertThat(run(1, service.port(), Map.of(), "list")).isNotBlank();
        assertThat(run(1, 1, Map.of(), "list")).contains("Nothing answers at http://127.0.0.1:1.");
    }

    private void fakeDocker() throws IOException {
        Path docker = Files.writeString(bin.resolve("docker"), FAKE_DOCKER);
        assertThat(docker.toFile().setExecutable(true)).isTrue();
    }

    private String script(int code, String... arguments) throws Exception {
        return run(code, service.managementPort(), Map.of(), arguments);
    }

    /** Runs the script, expects that it ends so, and returns all that it says. */
    private String run(int code, int port, Map<String, String> settings, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "../script/dead-letters"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MANAGEMENT_URL", "http://127.0.0.1:" + port);
        builder.environment().put("MANAGEMENT_PORT", Integer.toString(port));
        builder.environment().putAll(settings);
        builder.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(code);
        return said;
    }

    private void record(String id, int second, String body) {
        record(id, second, body.getBytes(UTF_8));
    }

    private void record(String id, int second, byte[] body) {
        DeadLetter letter = new DeadLetter(
                new Id(id),
                Instant.parse("2026-11-23T10:15:30Z").plusSeconds(second),
                "reply.requested",
                "r/2/0",
                ReplyName.parse("ada/c/r"),
                2,
                "assistant.requests",
                "chat.requests",
                "any",
                "delivery_limit",
                21,
                body.length,
                true);
        store.record(letter, body, new Bounds(100, 100_000));
    }

    private JsonNode json(String method, String path, @Nullable String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = call(method, path, body, "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body());
    }

    private HttpResponse<String> call(String method, String path, @Nullable String body, String accept)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Accept", accept)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + service.managementPort() + PATH + path);
    }
}
