package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Session;
import chat.parley.e2e.client.Turn;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code script/backup --compose} and {@code script/restore --compose} on the servers as compose has them, with a
 * stand-in for docker that runs in the folder of Redis what would run in its container.
 */
class BackupE2E {
    private static final Path SCRIPTS = Path.of("../../script").toAbsolutePath().normalize();
    private static final String DOCKER = """
            #!/bin/sh
            echo "$1 $2" >>"$CALLS"
            case "$*" in
              "compose exec -T redis sh -c "*" /data") exec sh -c "$7" "$8" "$DATA" ;;
              "compose run --rm --no-deps -T --entrypoint sh redis -c "*" /data") exec sh -c "${10}" "${11}" "$DATA" ;;
              "compose stop redis" | "compose up -d --no-deps redis") ;;
              *) echo "unknown: $*" >&2; exit 64 ;;
            esac
            """;

    private static final Duration STILL_WRITTEN_AFTER_THE_BACKUP = Duration.ofSeconds(20);

    private static Stack stack;

    @RegisterExtension
    final LogsOnFailure logs = new LogsOnFailure(() -> Optional.of(stack));

    @TempDir
    private Path desk;

    @BeforeAll
    static void start() {
        stack = Stack.start(StackOptions.standard().replicas(2, 2).withLeastRights());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    /**
     * The broker then has a request of which the store knows nothing. It is answered only if its message is sent again,
     * and then once; and a person sees none of what another one had under the same ids.
     */
    @Test
    void anOlderCopyComesBackUnderPeopleWhoAreThere() throws IOException, InterruptedException {
        try (Scene scene = new Scene(stack, Pace.SHRUNK, new Random(0))) {
            Chat chat = scene.newClient().newChat();
            Asked first = scene.ask(chat, "rate=200");
            first.awaitWhole();
            Chat sameIds = scene.newClient().chat(chat.id());
            Turn others = sameIds.send(
                    first.turn().messageId(),
                    null,
                    "Of another person",
                    first.turn().replyId());
            scene.asked(sameIds, others, "Of another person");
            sameIds.awaitCompleted(others);
            Asked streaming = scene.askFor(STILL_WRITTEN_AFTER_THE_BACKUP);
            streaming.awaitText(10);

            assertThat(run("backup")).isEqualTo("compose exec\n");

            streaming.awaitText(60);
            stack.assistants().forEach(ProcessPart::kill);
            Asked lost = scene.ask(chat, "rate=200");
            chat.awaitAccepted(lost.turn());
            Session gone = askAndLeave(chat.id() + "-2");
            Scene.await("both requests at the broker", () -> stack.backstage().waitingRequests() >= 2);
            stack.redis().kill();

            assertThat(run("restore")).isEqualTo("compose stop\ncompose run\ncompose up\n");

            stack.redis().start();
            chat.await("the older history", () -> chat.rewinds() == 1);
            scene.forget(lost);
            assertThat(ids(chat))
                    .containsExactly(first.turn().messageId(), first.turn().replyId());
            Turn again = chat.send(
                    lost.turn().messageId(),
                    first.turn().replyId(),
                    lost.words() + " [[rate=200]]",
                    lost.turn().replyId());
            Asked answered = scene.asked(chat, again, lost.words());
            stack.assistants().forEach(ProcessPart::start);
            answered.awaitWhole();
            streaming.awaitWhole();

            scene.checkInvariants(1, 0);
            assertThat(ids(chat))
                    .containsExactly(
                            first.turn().messageId(), first.turn().replyId(), again.messageId(), again.replyId());
            assertThat(sameIds.messages()).extracting(Message::text).first().isEqualTo("Of another person");
            assertThat(sameIds.messages()).hasSize(2);
            assertThat(gone.get("/api/conversations/" + chat.id() + "-2").status())
                    .isEqualTo(404);
            assertThat(keysWith(chat.id() + "-2")).isEmpty();
        }
    }

    /** Someone who asks what is accepted, and never comes back. */
    private static Session askAndLeave(String conversation) {
        try (ParleyClient person = ParleyClient.connect(stack.url())) {
            Chat chat = person.chat(conversation);
            chat.awaitAccepted(chat.say("Never to be seen again [[rate=200]]"));
            return person.session();
        }
    }

    private static List<String> ids(Chat chat) {
        return chat.messages().stream().map(Message::id).toList();
    }

    private static List<String> keysWith(String conversation) {
        try (StatefulRedisConnection<String, String> redis = stack.backstage().connectToRedis()) {
            return redis.sync()
                    .scan(ScanArgs.Builder.matches("*" + conversation + "*").limit(100_000))
                    .getKeys();
        }
    }

    /** Runs one of the scripts, and says what it asked of docker, a call a line. */
    private String run(String script) throws IOException, InterruptedException {
        Path docker = desk.resolve("docker");
        Path calls = Files.writeString(desk.resolve("calls"), "");
        Files.writeString(docker, DOCKER);
        Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder builder = new ProcessBuilder(
                        SCRIPTS.resolve(script).toString(),
                        "--compose",
                        desk.resolve("copy.tar.gz").toString())
                .redirectErrorStream(true);
        builder.environment().merge("PATH", desk.toString(), (path, first) -> first + ":" + path);
        builder.environment().put("CALLS", calls.toString());
        builder.environment()
                .put("DATA", stack.folder().resolve("redis").toAbsolutePath().toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Files.readString(calls);
    }
}
