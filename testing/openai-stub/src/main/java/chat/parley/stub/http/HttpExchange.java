package chat.parley.stub.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One request and the answer to it, written by one thread: either {@link #respond} with all of it, or {@link #begin},
 * {@link #write} and {@link #end}. Each write throws an {@link IOException} once the client is gone.
 */
public final class HttpExchange {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpRequest request;
    private final Socket socket;
    private final OutputStream out;
    private final CountDownLatch gone = new CountDownLatch(1);
    private boolean begun;
    private boolean chunked;
    private boolean keepAlive;

    HttpExchange(HttpRequest request, Socket socket, OutputStream out) {
        this.request = request;
        this.socket = socket;
        this.out = out;
        this.keepAlive = request.keepsAlive();
    }

    /** What the client asked. */
    public HttpRequest request() {
        return request;
    }

    /** Whether any byte of an answer was handed over; no other answer can be given then. */
    public boolean begun() {
        return begun;
    }

    /**
     * Waits; zero or negative only looks.
     *
     * @throws ClientGoneException as soon as the client closed its side or was reset, or this server closes
     */
    public void pause(Duration time) throws ClientGoneException {
        try {
            if (gone.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ClientGoneException();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException();
        }
    }

    /**
     * Waits for as long as the client does.
     *
     * @throws ClientGoneException always, in the end
     */
    public void hang() throws ClientGoneException {
        while (true) {
            pause(Duration.ofDays(1));
        }
    }

    /** Answers in one piece. */
    public void respond(int status, String contentType, Map<String, String> headers, byte[] body) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", contentType);
        all.put("Content-Length", Integer.toString(body.length));
        writeHead(status, all);
        out.write(body);
        out.flush();
    }

    /** Announces a body of {@code length} bytes but writes only the first {@code present} of it. */
    public void respondPartly(String contentType, byte[] body, int present) throws IOException {
        keepAlive = false;
        writeHead(200, Map.of("Content-Type", contentType, "Content-Length", Integer.toString(body.length)));
        out.write(body, 0, present);
        out.flush();
    }

    /** Starts an answer whose length is not known yet. */
    public void begin(int status, String contentType, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", contentType);
        chunked = request.version().equals("HTTP/1.1");
        if (chunked) {
            all.put("Transfer-Encoding", "chunked");
        } else {
            keepAlive = false;
        }
        writeHead(status, all);
    }

    /** Adds to the body; it may stay in the buffer until {@link #flush} or {@link #end}. */
    public void write(byte[] bytes) throws IOException {
        if (chunked) {
            out.write(Integer.toHexString(bytes.length).getBytes(StandardCharsets.US_ASCII));
            out.write(CRLF);
        }
        out.write(bytes);
        if (chunked) {
            out.write(CRLF);
        }
    }

    /** Sends what was written so far. */
    public void flush() throws IOException {
        out.flush();
    }

    /** Ends the body properly. */
    public void end() throws IOException {
        if (chunked) {
            out.write(LAST_CHUNK);
        }
        out.flush();
    }

    /** Breaks off with a TCP reset: the client's next read fails. What was written but not flushed is lost. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        drop();
    }

    /** Breaks off by closing the connection without an end of the body. */
    public void drop() throws IOException {
        keepAlive = false;
        socket.close();
    }

    boolean keepAlive() {
        return keepAlive;
    }

    void clientGone() {
        gone.countDown();
    }

    private void writeHead(int status, Map<String, String> headers) throws IOException {
        begun = true;
        StringBuilder head = new StringBuilder(256).append("HTTP/1.1 ").append(status);
        head.append(' ').append(HttpStatus.reason(status)).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Connection: ").append(keepAlive ? "keep-alive" : "close").append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
