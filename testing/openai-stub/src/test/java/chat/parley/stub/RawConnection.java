package chat.parley.stub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A bare connection, for what no HTTP client would do. */
final class RawConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Socket socket;

    RawConnection(OpenAiStub stub) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), stub.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    static String completionRequest(String question) {
        String body = StubClient.JSON.writeValueAsString(StubClient.question(question));
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: stub\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.getBytes(StandardCharsets.UTF_8).length, body);
    }

    RawConnection send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads until these words have come. */
    String readUntil(String words) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(words) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("Closed after: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    String readToEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Closes with a TCP reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
