package chat.parley.conversation.live;

import chat.parley.conversation.session.Session;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.tomcat.websocket.Constants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one socket. Tomcat calls it on a virtual thread and reads nothing more of this socket until it returns: so a
 * frame may wait for Redis, and a client that sends faster than that waits too.
 */
final class SocketEndpoint extends Endpoint {
    private static final Logger log = LoggerFactory.getLogger(SocketEndpoint.class);
    /** In UTF-8 no UTF-16 unit takes more bytes. */
    private static final int MOST_BYTES_PER_CHAR = 3;

    private final Session session;
    private final Sockets sockets;
    private final FrameHandler handler;
    private final LiveProperties properties;
    private final Supplier<ServerFrame.Welcome> welcome;
    private final FrameRate rate;

    private @Nullable Socket socket;
    /** What came of a long frame so far. */
    private @Nullable StringBuilder begun;

    private int begunBytes;

    SocketEndpoint(
            Session session,
            Sockets sockets,
            FrameHandler handler,
            LiveProperties properties,
            Supplier<ServerFrame.Welcome> welcome) {
        this.session = session;
        this.sockets = sockets;
        this.handler = handler;
        this.properties = properties;
        this.welcome = welcome;
        this.rate = new FrameRate(properties.framesPerSecond(), properties.frameBurst(), System.nanoTime());
    }

    @Override
    public void onOpen(jakarta.websocket.Session webSocket, EndpointConfig config) {
        webSocket.setMaxIdleTimeout(0);
        // For pings and the close frame alone; all else is written without waiting. Tomcat gives every close that is
        // not
        // a normal one 50 ms by default: one that waits for a frame in flight would never get out. And it waits 30 s
        // for
        // the other side's close frame, which never comes where there is no other side any more.
        Long wait = properties.closeTimeout().toMillis();
        webSocket.getUserProperties().put(Constants.BLOCKING_SEND_TIMEOUT_PROPERTY, wait);
        webSocket.getUserProperties().put(Constants.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT_PROPERTY, wait);
        webSocket.getUserProperties().put(Constants.SESSION_CLOSE_TIMEOUT_PROPERTY, wait);
        Socket opened = sockets.open(webSocket, session, welcome.get());
        socket = opened;
        webSocket.addMessageHandler(
                String.class, (MessageHandler.Partial<String>) (part, last) -> onText(opened, part, last));
        webSocket.addMessageHandler(ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>)
                (part, last) -> opened.close(CloseCode.NOT_TEXT));
        webSocket.addMessageHandler(PongMessage.class, (MessageHandler.Whole<PongMessage>) pong -> opened.heard());
    }

    private void onText(Socket opened, String part, boolean last) {
        opened.heard();
        if (last && begun == null && part.length() * MOST_BYTES_PER_CHAR <= properties.frameBytes()) {
            onFrame(opened, part);
            return;
        }
        StringBuilder whole = begun == null ? new StringBuilder() : begun;
        begunBytes += bytes(part);
        if (begunBytes > properties.frameBytes()) {
            begun = null;
            opened.close(CloseCode.TOO_BIG);
            return;
        }
        whole.append(part);
        begun = last ? null : whole;
        if (last) {
            begunBytes = 0;
            onFrame(opened, whole.toString());
        }
    }

    private void onFrame(Socket opened, String text) {
        Duration wait = rate.take(System.nanoTime());
        if (wait.isZero()) {
            handler.on(opened, text);
        } else {
            handler.refuse(opened, text, wait);
        }
    }

    /** How many bytes a text takes in UTF-8. */
    private static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : MOST_BYTES_PER_CHAR;
        }
        return bytes;
    }

    @Override
    public void onClose(jakarta.websocket.Session webSocket, CloseReason reason) {
        if (socket != null) {
            socket.detach();
        }
    }

    @Override
    public void onError(jakarta.websocket.Session webSocket, Throwable error) {
        log.debug("A socket broke: {}", error.toString());
        if (socket != null) {
            socket.detach();
        }
    }
}
