package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.stub.OpenAiStub;
import chat.parley.testing.servers.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The real thing, from outside: the built jar in a process of its own, and a client of the protocol. */
class StandaloneIT {
    @TempDir
    private Path temporary;

    private Path data;
    private int port;

    @BeforeEach
    void choose() {
        data = temporary.resolve("data");
        port = FreePorts.next();
    }

    @Test
    void servesThePageAndStreamsAReplyOfTheDemoModel() throws Exception {
        try (ParleyProcess parley = ParleyProcess.start(data, port).awaitReady();
                ChatClient person = new ChatClient(parley.url())) {
            HttpResponse<String> page = person.get("/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("<title>Parley</title>");
            assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                    .startsWith("default-src 'self'");

            ChatClient.Socket socket = person.connect();
            String reply = send(socket, "first", "What can you do?");
            JsonNode completed = socket.event("reply.completed");

            assertThat(completed.path("replyId").asString()).isEqualTo(reply);
            assertThat(completed.path("message").path("text").asString()).isNotBlank();
            assertThat(parley.output()).contains("The demo model answers").contains("http://localhost:" + port);
        }
    }

    @Test
    void startsFromTheCacheOfATrainingRun() throws Exception {
        Path cache = temporary.resolve("standalone.aot");

        assertThat(ParleyProcess.train(cache, temporary.resolve("training"))).isZero();

        // With this mode a JVM that can't use the cache does not start.
        Map<String, String> cached = Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on -XX:AOTCache=" + cache);
        try (ParleyProcess parley = ParleyProcess.start(data, port, cached).awaitReady();
                ChatClient person = new ChatClient(parley.url())) {
            assertThat(person.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keepsEveryWordWhenItIsKilledInTheMiddleOfAReply() throws Exception {
        try (ChatClient person = new ChatClient(URI.create("http://localhost:" + port));
                ParleyProcess killed = ParleyProcess.start(data, port).awaitReady()) {
            ChatClient.Socket before = person.connect();
            send(before, "first", "What can you do?");
            String first =
                    before.event("reply.completed").path("message").path("text").asString();
            // Long, so that it is still being written when someone comes back.
            send(before, "second", "Tell me a long story");
            before.event("reply.delta");

            killed.kill();

            assertThat(killed.store()).isPresent();
            try (ParleyProcess parley = ParleyProcess.start(data, port).awaitReady()) {
                ChatClient.Socket after = person.connect();
                JsonNode snapshot = after.ask("subscribe", Map.of("conversationId", "second"), "subscribed")
                        .path("snapshot");
                assertThat(snapshot.path("replies").size()).isEqualTo(1);
                String whole = after.event("reply.completed")
                        .path("message")
                        .path("text")
                        .asString();

                assertThat(parley.output()).contains("outlived its Parley");
                assertThat(answers(person, "second")).containsExactly(whole);
                assertThat(answers(person, "first")).containsExactly(first);
                assertThat(whole).isNotBlank();
            }
        }
    }

    @Test
    void endsInOrderOnCtrlC() throws Exception {
        try (ParleyProcess parley = ParleyProcess.start(data, port).awaitReady();
                ChatClient person = new ChatClient(parley.url())) {
            ChatClient.Socket socket = person.connect();
            send(socket, "first", "What can you do?");
            socket.event("reply.delta");
            assertThat(parley.store()).isPresent();

            parley.signal("INT");

            assertThat(parley.awaitExit()).isIn(0, 130);
            assertThat(parley.store()).isEmpty();
            // The services say that the reply was given back; nothing is lost from under them.
            assertThat(parley.output()).contains("1 replies are given back");
            assertThat(parley.output()).doesNotContain(" ERROR ", "Exception", "Connection", "Redis", "Rabbit");
        }
    }

    @Test
    void logsNeitherWordsNorKeysNorCookiesAndEachEventAsOneLineOfJson() throws Exception {
        try (OpenAiStub model = OpenAiStub.start(0);
                ParleyProcess parley = ParleyProcess.start(
                                data,
                                port,
                                Map.of(
                                        "LOG_FORMAT", "json",
                                        "OPENAI_API_KEY", "sk-planted",
                                        "OPENAI_BASE_URL", "http://127.0.0.1:" + model.port(),
                                        "OPENAI_MODEL", "model-1"))
                        .awaitReady();
                ChatClient person = new ChatClient(parley.url())) {
            ChatClient.Socket socket = person.connect();
            send(socket, "first", "Planted words");
            socket.event("reply.completed");
            send(socket, "second", "Planted words [[500 times=1]]");
            socket.event("reply.completed");
            send(socket, "third", "Planted words [[401]]");
            socket.event("reply.failed");
            person.get("/api/search?q=Planted");
            parley.signal("INT");
            parley.awaitExit();

            assertThat(parley.output())
                    .contains("http://127.0.0.1:" + model.port() + "/v1", "model-1")
                    .doesNotContain("lanted", person.cookie());
            assertThat(parley.output().lines().filter(line -> line.startsWith("{")))
                    .hasSizeGreaterThan(8)
                    .allSatisfy(line -> assertThat(
                                    ChatClient.JSON.readTree(line).path("level").asString())
                            .isNotEmpty());
            assertThat(parley.output().lines().filter(line -> !line.isBlank() && !line.startsWith("{")))
                    .containsExactly("Parley is ready: " + parley.url());
        }
    }

    @Test
    void saysWhenItsPortIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                ParleyProcess parley = ParleyProcess.start(data, other.getLocalPort())) {
            assertThat(parley.awaitExit()).isEqualTo(1);
            assertThat(parley.output().strip())
                    .startsWith("Parley can't listen on port " + port)
                    .endsWith("for example SERVER_PORT=" + (port + 1) + ".")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SERVER_PORT | abc | SERVER_PORT is abc, and should be a whole number.",
                "RETENTION | soon | RETENTION is soon, and should be a time such as 30s, 12h or 90d.",
                "ASSISTANT_CONCURRENCY | many | ASSISTANT_CONCURRENCY is many, and should be a whole number.",
                "OPENAI_BASE_URL | ftp://x | OPENAI_BASE_URL is ftp://x, and should be a URL such as https://api.openai.com/v1.",
                "SESSION_SECRET | planted | SESSION_SECRET has at least 16 characters; leave it out to have one made."
            })
    void saysWhichSettingCannotBeRead(String name, String value, String sentence) throws Exception {
        try (ParleyProcess parley =
                ParleyProcess.start(data, port, Map.of("OPENAI_API_KEY", "sk-planted", name, value))) {
            assertThat(parley.awaitExit()).isEqualTo(1);
            assertThat(parley.output().lines()).contains(sentence);
            assertThat(parley.output()).doesNotContain(" WARN ", " ERROR ", "Exception", "\tat ");
        }
    }

    @Test
    void saysWhenItsDataIsInUse() throws Exception {
        try (ParleyProcess first = ParleyProcess.start(data, port).awaitReady();
                ParleyProcess second = ParleyProcess.start(data, FreePorts.next())) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.output().strip())
                    .startsWith("The data in " + data + " is in use by another Parley server")
                    .hasLineCount(1);
            assertThat(first.store()).isPresent();
        }
    }

    /** The texts of the complete answers of a conversation, as the API has them. */
    private static List<String> answers(ChatClient person, String conversation) throws Exception {
        List<String> texts = new ArrayList<>();
        for (JsonNode message :
                person.json("/api/conversations/" + conversation).path("messages")) {
            if (message.path("role").asString().equals("assistant")
                    && message.path("status").asString().equals("complete")) {
                texts.add(message.path("text").asString());
            }
        }
        return texts;
    }

    /** Subscribes to a new conversation and asks in it. @return the reply's id */
    private static String send(ChatClient.Socket socket, String conversation, String text) throws Exception {
        socket.ask("subscribe", Map.of("conversationId", conversation), "subscribed");
        Map<String, Object> message = new HashMap<>(Map.of(
                "conversationId", conversation, "messageId", UUID.randomUUID().toString(), "text", text));
        message.put("parentId", null);
        return socket.ask("send", message, "accepted").path("replyId").asString();
    }
}
