package chat.parley.stub.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. While a second thread writes the answer, this one goes on reading: so the end of the
 * connection is seen when it happens, and not at the next write.
 */
final class HttpConnection implements AutoCloseable {
    private static final int WRITE_BUFFER_BYTES = 8 * 1024;
    private static final Duration LINGER = Duration.ofMillis(500);
    private static final int MAX_DRAINED_BYTES = 32 * 1024 * 1024;

    private final Socket socket;
    private final HttpServer server;
    private volatile @Nullable HttpExchange current;
    private volatile boolean last;

    HttpConnection(Socket socket, HttpServer server) {
        this.socket = socket;
        this.server = server;
    }

    void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), WRITE_BUFFER_BYTES);
            HttpReader reader = new HttpReader(socket, out);
            boolean more = reader.awaitByte();
            while (more && !last) {
                more = serveNext(reader, out);
            }
        } catch (IOException _) {
            // The client is gone, or we closed: nobody is left to tell.
        }
    }

    /** Whether there is a next request on this connection. */
    private boolean serveNext(HttpReader reader, OutputStream out) throws IOException {
        HttpExchange exchange;
        try {
            exchange = new HttpExchange(reader.readRequest(), socket, out);
        } catch (MalformedRequestException e) {
            refuse(e, out);
            return false;
        }
        current = exchange;
        Thread writer = Thread.ofVirtual().name("http-writer").start(() -> answer(exchange));
        boolean more = false;
        try {
            more = reader.awaitByte();
        } finally {
            if (!more) {
                exchange.clientGone();
                socket.close();
            }
            join(writer);
        }
        return more && exchange.keepAlive();
    }

    private void answer(HttpExchange exchange) {
        try {
            server.handler().handle(exchange);
            current = null;
            if (!exchange.keepAlive() || last) {
                socket.close();
            }
        } catch (IOException | RuntimeException e) {
            current = null;
            server.handler().failed(e);
            close();
        }
    }

    private void refuse(MalformedRequestException problem, OutputStream out) throws IOException {
        Map<String, String> close = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        close.put("Connection", "close");
        HttpRequest unread = new HttpRequest("", "", "", "HTTP/1.1", close, new byte[0]);
        server.handler().malformed(new HttpExchange(unread, socket, out), problem);
        // Closing with bytes unread would reset the connection and with it the answer under way.
        socket.shutdownOutput();
        socket.setSoTimeout((int) LINGER.toMillis());
        byte[] rest = new byte[8192];
        int drained = 0;
        for (int n = 0; n >= 0 && drained < MAX_DRAINED_BYTES; drained += n) {
            n = socket.getInputStream().read(rest);
        }
    }

    /** Closes the connection unless an answer is under way; then the end of that answer closes it. */
    void closeIfIdle() {
        last = true;
        if (current == null) {
            close();
        }
    }

    @Override
    public void close() {
        HttpExchange exchange = current;
        if (exchange != null) {
            exchange.clientGone();
        }
        try {
            socket.close();
        } catch (IOException _) {
            // it is closed all the same
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
