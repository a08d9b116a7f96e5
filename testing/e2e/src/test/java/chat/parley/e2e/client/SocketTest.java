package chat.parley.e2e.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection of a test's client. */
class SocketTest {
    private static final String KEY = "Sec-WebSocket-Key: ";
    /** RFC 6455, section 1.3 */
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    @Test
    @Timeout(30)
    void dropsASocketThatOpensAfterItGaveUp() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient http = HttpClient.newHttpClient()) {
            URI page = URI.create("http://127.0.0.1:" + server.getLocalPort());

            assertThatThrownBy(() -> Socket.open(http, page, Map.of(), new Deaf(), Duration.ofMillis(100)))
                    .isInstanceOf(IOException.class);

            try (java.net.Socket late = server.accept();
                    BufferedReader in = new BufferedReader(new InputStreamReader(late.getInputStream(), US_ASCII))) {
                late.getOutputStream().write(welcome(in).getBytes(US_ASCII));
                late.getOutputStream().flush();
                assertThat(in.read()).as("the end of the connection").isEqualTo(-1);
            }
        }
    }

    private static String welcome(BufferedReader request) throws Exception {
        String key = "";
        for (String line = request.readLine(); !line.isEmpty(); line = request.readLine()) {
            if (line.startsWith(KEY)) {
                key = line.substring(KEY.length());
            }
        }
        byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(US_ASCII));
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Protocol: " + Socket.PROTOCOL + "\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
    }

    private static final class Deaf implements Socket.Listener {
        @Override
        public void opened(Socket socket) {}

        @Override
        public void frame(String text) {}

        @Override
        public void heard() {}

        @Override
        public void closed(int code, String reason) {}
    }
}
