package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest {
    @TempDir
    private Path temporary;

    private Path folder;

    /** With what a configuration file could misread. */
    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("my \"data\" here"));
    }

    @Test
    void keepsWhatItConfirmedOverARestart() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.start(folder, null)) {
            assertThat(ask(store, "SET word kept")).isEqualTo("+OK");
        }
        try (EmbeddedStore store = EmbeddedStore.start(folder, null)) {
            assertThat(ask(store, "APPEND word !")).isEqualTo(":5");
        }
    }

    @Test
    void leavesNoProcessBehind() {
        EmbeddedStore store = EmbeddedStore.start(folder, null);
        assertThat(EmbeddedStore.runs(store.process())).isTrue();

        store.close();

        assertThat(EmbeddedStore.runs(store.process())).isFalse();
    }

    @Test
    void hasASessionOfItsOwnSoThatCtrlCDoesNotReachIt() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.start(folder, null)) {
            assertThat(sessionOf(store.process().pid()))
                    .isNotEqualTo(sessionOf(ProcessHandle.current().pid()));
        }
    }

    @Test
    void answersNobodyWithoutItsPasswordAndKeepsThatToItsOwner() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.start(folder, null)) {
            int port = Integer.parseInt(store.properties().get("spring.data.redis.port"));

            assertThat(new RedisControl(port, "guess").status()).isEmpty();
            assertThat(ask(port, "GET word")).startsWith("-NOAUTH");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("redis.conf"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void startsAgainAtTheSameAddressWhenItsProcessDies() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.start(folder, null)) {
            ask(store, "SET word kept");
            ProcessHandle first = store.process();

            first.destroyForcibly();

            await().until(() -> !store.process().equals(first));
            assertThat(ask(store, "APPEND word !")).isEqualTo(":5");
        }
    }

    @Test
    void endsTheServerThatOutlivedAKilledParley() throws Exception {
        ProcessHandle survivor = killItsParley();

        try (EmbeddedStore store = EmbeddedStore.start(folder, null)) {
            assertThat(EmbeddedStore.runs(survivor)).isFalse();
            assertThat(ask(store, "APPEND word !")).isEqualTo(":5");
        }
    }

    @Test
    void killsTheServerThatOutlivedAKilledParleyAndHangs() throws Exception {
        ProcessHandle survivor = killItsParley();
        new ProcessBuilder("kill", "-STOP", Long.toString(survivor.pid()))
                .start()
                .waitFor();

        try (EmbeddedStore store = EmbeddedStore.start(folder, null)) {
            assertThat(EmbeddedStore.runs(survivor)).isFalse();
            assertThat(ask(store, "APPEND word !")).isEqualTo(":5");
        }
    }

    @Test
    void showsWhatTheServerSaysWhenItDoesNotStart() throws Exception {
        Files.writeString(folder.resolve("appendonly.aof"), "this is not an append-only file\r\n");

        assertThatThrownBy(() -> EmbeddedStore.start(folder, null))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("Bad file format reading the append only file");
    }

    /** Leaves a server in the folder that has the word and no parent. */
    private ProcessHandle killItsParley() throws Exception {
        Process parley = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreHolder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] said = parley.inputReader().readLine().split(" ", -1);
        assertThat(ask(Integer.parseInt(said[1]), "AUTH " + said[2], "SET word kept"))
                .isEqualTo("+OK");
        parley.destroyForcibly().waitFor();
        ProcessHandle survivor = ProcessHandle.of(Long.parseLong(said[0])).orElseThrow();
        assertThat(EmbeddedStore.runs(survivor)).isTrue();
        return survivor;
    }

    private static String ask(EmbeddedStore store, String command) throws IOException {
        return ask(
                Integer.parseInt(store.properties().get("spring.data.redis.port")),
                "AUTH " + store.properties().get("spring.data.redis.password"),
                command);
    }

    /** @return the answer to the last command */
    private static String ask(int port, String... commands) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral(RedisControl.HOST), port);
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            String answer = "";
            for (String command : commands) {
                socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
                answer = in.readLine();
            }
            return answer;
        }
    }

    private static String sessionOf(long pid) throws Exception {
        Process ps = new ProcessBuilder("ps", "-o", "sess=", "-p", Long.toString(pid)).start();
        return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
