package chat.parley.testing.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerIT {
    @TempDir
    private Path dir;

    @Test
    @Tag("kills-servers")
    void keepsWhatItConfirmedOverAKill() throws IOException {
        try (RedisServer redis = RedisServer.startPrivate(dir)) {
            assertThat(ask(redis, "SET a 1")).isEqualTo("+OK");
            redis.kill();
            assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(ConnectException.class);
            redis.restart();
            assertThat(ask(redis, "GET a")).isEqualTo("$1");
        }
    }

    @Test
    void answersNothingWhilePaused() throws IOException {
        try (RedisServer redis = RedisServer.startPrivate(dir)) {
            redis.pause();
            assertThatThrownBy(() -> ask(redis, "PING")).isInstanceOf(SocketTimeoutException.class);
            redis.resume();
            assertThat(ask(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void isPausedOrNotHoweverOftenItWasAsked() throws IOException {
        try (RedisServer redis = RedisServer.startPrivate(dir)) {
            redis.pause();
            redis.pause();
            redis.resume();
            redis.resume();
            assertThat(ask(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void sharesOneThatNoTestMayBreak() throws IOException {
        RedisServer redis = RedisServer.get();

        assertThat(RedisServer.get()).isSameAs(redis);
        assertThat(ask(redis, "PING")).isEqualTo("+PONG");
        assertThatIllegalStateException().isThrownBy(redis::kill);
    }

    private static String ask(RedisServer redis, String command) throws IOException {
        try (Socket socket = new Socket(redis.host(), redis.port())) {
            socket.setSoTimeout(2000);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }
}
