package chat.parley.e2e.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One WebSocket connection: text frames in and out, nothing remembered. */
public final class Socket implements AutoCloseable {
    /** The subprotocol. */
    public static final String PROTOCOL = "parley.v1";
    /** What a close is called that no close frame announced. */
    public static final int ABNORMAL = 1006;

    private static final Duration HANDSHAKE_BUDGET = Duration.ofSeconds(10);
    private static final long SEND_BUDGET_SECONDS = 10;

    private final WebSocket socket;
    private final Relay relay;

    private Socket(WebSocket socket, Relay relay) {
        this.socket = socket;
        this.relay = relay;
    }

    /** Hears what comes; called by one thread at a time. */
    public interface Listener {
        /** Comes first, before {@link Socket#open} returns. */
        void opened(Socket socket);

        /** A text frame. */
        void frame(String text);

        /** Anything came, be it a ping. */
        void heard();

        /** Called once. */
        void closed(int code, String reason);
    }

    /** The handshake was answered with something else than a socket. */
    public static final class HandshakeRefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;

        HandshakeRefusedException(int status) {
            super("The handshake got " + status);
            this.status = status;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }

    /**
     * Opens a socket.
     *
     * @param http makes the connection
     * @param page the address of the page
     * @param headers such as {@code Cookie} and {@code Origin}
     * @throws HandshakeRefusedException if the server answered, but not with a socket
     * @throws IOException if it did not answer
     */
    public static Socket open(HttpClient http, URI page, Map<String, String> headers, Listener listener)
            throws IOException {
        return open(http, page, headers, listener, HANDSHAKE_BUDGET);
    }

    static Socket open(HttpClient http, URI page, Map<String, String> headers, Listener listener, Duration budget)
            throws IOException {
        WebSocket.Builder builder = http.newWebSocketBuilder().subprotocols(PROTOCOL);
        headers.forEach(builder::header);
        Relay relay = new Relay(listener);
        String scheme = "https".equals(page.getScheme()) ? "wss" : "ws";
        URI address = URI.create(scheme + "://" + page.getAuthority() + "/ws");
        CompletableFuture<WebSocket> opening = builder.buildAsync(address, relay);
        try {
            // The time-out ends the waiting, not the handshake: a socket that opens later must find that nobody wants
            // it.
            opening.copy().orTimeout(budget.toMillis(), TimeUnit.MILLISECONDS).join();
            return relay.socket.join();
        } catch (CompletionException e) {
            relay.socket.cancel(false);
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new HandshakeRefusedException(refused.getResponse().statusCode());
            }
            throw new IOException("No handshake with " + address, e.getCause());
        }
    }

    /** The subprotocol that the server chose; empty if none. */
    public String protocol() {
        return socket.getSubprotocol();
    }

    /** Sends a text frame; does nothing useful once the socket is gone, which {@link Listener#closed} tells. */
    public synchronized void send(String text) {
        complete(socket.sendText(text, true));
    }

    /** Sends a binary frame. */
    public synchronized void sendBinary(byte[] bytes) {
        complete(socket.sendBinary(ByteBuffer.wrap(bytes), true));
    }

    private void complete(CompletableFuture<WebSocket> sending) {
        try {
            sending.orTimeout(SEND_BUDGET_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            relay.end(ABNORMAL, String.valueOf(e.getCause()));
        }
    }

    /** Drops the connection without a word, as a lost network would. */
    public void abort() {
        socket.abort();
        relay.end(ABNORMAL, "aborted here");
    }

    /** Closes with 1000. */
    @Override
    public void close() {
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                    .orTimeout(1, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException _) {
            // it was gone already
        }
        abort();
    }

    private static final class Relay implements WebSocket.Listener {
        private final Listener listener;
        private final StringBuilder parts = new StringBuilder();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final CompletableFuture<Socket> socket = new CompletableFuture<>();

        Relay(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onOpen(WebSocket from) {
            Socket opened = new Socket(from, this);
            listener.opened(opened);
            if (socket.complete(opened)) {
                from.request(1);
            } else {
                opened.abort();
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            listener.heard();
            if (last) {
                String text = parts.toString();
                parts.setLength(0);
                listener.frame(text);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            listener.heard();
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end(code, reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end(ABNORMAL, String.valueOf(error));
        }

        void end(int code, String reason) {
            if (ended.compareAndSet(false, true)) {
                listener.closed(code, reason);
            }
        }
    }
}
