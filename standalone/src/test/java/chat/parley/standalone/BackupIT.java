package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.testing.servers.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code script/backup} and {@code script/restore} on the built jar, as a person uses them. */
class BackupIT {
    private static final Path SCRIPTS = Path.of("../script").toAbsolutePath().normalize();

    @TempDir
    private Path temporary;

    @Test
    void anOlderCopyIsWholeAndWhatItLacksIsAnsweredOnceWhenItIsSentAgain() throws Exception {
        int port = FreePorts.next();
        Path data = temporary.resolve("data");
        URI url = URI.create("http://localhost:" + port);
        try (ChatClient alice = new ChatClient(url);
                ChatClient bob = new ChatClient(url)) {
            List<String> kept;
            List<String> bobs;
            String cursor;
            try (ParleyProcess parley = ParleyProcess.start(data, port).awaitReady()) {
                ChatClient.Socket his = bob.connect();
                ask(his, "one", "m1", null, "Hello, I am Bob", "r1");
                his.event("reply.completed");
                bobs = texts(bob, "one");
                ChatClient.Socket hers = alice.connect();
                ask(hers, "one", "m1", null, "What can you do?", "r1");
                hers.event("reply.completed");
                kept = texts(alice, "one");
                ask(hers, "one", "m2", "r1", "Hello", "r2");
                hers.event("reply.delta");

                assertThat(run("backup")).contains("All conversations are in");

                assertThat(Files.getPosixFilePermissions(copy()))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                hers.event("reply.completed");
                ask(hers, "one", "m3", "r2", "And then?", "r3");
                cursor = hers.await(frame ->
                                frame.path("event").path("type").asString("").equals("reply.completed")
                                        && frame.path("event")
                                                .path("replyId")
                                                .asString("")
                                                .equals("r3"))
                        .path("cursor")
                        .asString();
                ask(his, "two", "m1", null, "Later", "r1");
                his.event("reply.completed");
                assertThat(refused("restore")).contains("script/server is running", "stop it first");
                assertThat(texts(alice, "one")).hasSize(6);
                parley.signal("INT");
                parley.awaitExit();
            }

            assertThat(run("restore")).contains("are back", "What was there is in " + data.resolve("redis/before-"));

            try (ParleyProcess _ = ParleyProcess.start(data, port).awaitReady()) {
                ChatClient.Socket hers = alice.connect();
                JsonNode subscribed =
                        hers.ask("subscribe", Map.of("conversationId", "one", "after", cursor), "subscribed");
                assertThat(subscribed.path("recovered").asBoolean()).isFalse();
                assertThat(subscribed.path("snapshot").path("messages").size()).isBetween(3, 4);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> texts(alice, "one").size() == 4);
                assertThat(texts(alice, "one")).startsWith(kept.toArray(String[]::new));
                assertThat(ids(alice, "one")).containsExactly("m1", "r1", "m2", "r2");

                JsonNode accepted = say(hers, "one", "m3", "r2", "And then?", "r3");
                hers.event("reply.completed");
                assertThat(say(hers, "one", "m3", "r2", "And then?", "r3").path("seq"))
                        .isEqualTo(accepted.path("seq"));
                assertThat(ids(alice, "one")).containsExactly("m1", "r1", "m2", "r2", "m3", "r3");
                bob.connect();
                assertThat(texts(bob, "one")).isEqualTo(bobs);
                assertThat(bob.get("/api/conversations/two").statusCode()).isEqualTo(404);
                assertThat(alice.get("/api/conversations/two").statusCode()).isEqualTo(404);
            }
        }
    }

    private static void ask(
            ChatClient.Socket socket,
            String conversation,
            String messageId,
            @Nullable String parentId,
            String text,
            String replyId)
            throws InterruptedException {
        socket.ask("subscribe", Map.of("conversationId", conversation), "subscribed");
        say(socket, conversation, messageId, parentId, text, replyId);
    }

    private static JsonNode say(
            ChatClient.Socket socket,
            String conversation,
            String messageId,
            @Nullable String parentId,
            String text,
            String replyId)
            throws InterruptedException {
        Map<String, Object> message = new HashMap<>(
                Map.of("conversationId", conversation, "messageId", messageId, "text", text, "replyId", replyId));
        message.put("parentId", parentId);
        return socket.ask("send", message, "accepted");
    }

    private static List<String> ids(ChatClient person, String conversation) throws Exception {
        return members(person, conversation, "id");
    }

    private static List<String> texts(ChatClient person, String conversation) throws Exception {
        return members(person, conversation, "text");
    }

    private static List<String> members(ChatClient person, String conversation, String name) throws Exception {
        List<String> members = new ArrayList<>();
        for (JsonNode message :
                person.json("/api/conversations/" + conversation).path("messages")) {
            members.add(message.path(name).asString());
        }
        return members;
    }

    private Path copy() {
        return temporary.resolve("copy.tar.gz");
    }

    private String run(String script) throws IOException, InterruptedException {
        return run(script, 0);
    }

    private String refused(String script) throws IOException, InterruptedException {
        return run(script, 1);
    }

    /** @return all that it said */
    private String run(String script, int exitValue) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(SCRIPTS.resolve(script).toString(), copy().toString()).redirectErrorStream(true);
        builder.environment().put("DATA_DIR", temporary.resolve("data").toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(exitValue);
        return said;
    }
}
