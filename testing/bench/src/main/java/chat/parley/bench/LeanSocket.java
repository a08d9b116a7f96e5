package chat.parley.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of a WebSocket that takes about a kilobyte, for thousands of them: the JDK's own takes a hundred. It
 * answers pings.
 */
final class LeanSocket {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String SWITCHING = "HTTP/1.1 101";
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final SocketChannel channel;
    private final String cookie;
    private final Listener listener;
    private final FrameReader frames = new FrameReader();
    /** What came of the answer to the handshake; null once it is whole. */
    private @Nullable ByteArrayOutputStream head = new ByteArrayOutputStream();

    /** Not the same as a closed channel: one that could not be connected closes itself. */
    private volatile boolean over;

    /** Hears what comes, on the thread of all sockets; must not block. */
    interface Listener {
        /** A text frame came. */
        void text(LeanSocket from, String text);

        /**
         * There is no socket any more, or there never was one; not called after {@link LeanSocket#cut}.
         *
         * @param why the same words for the same reason
         */
        void ended(String why);
    }

    /** Wraps a channel that is about to be connected. */
    LeanSocket(SocketChannel channel, String cookie, Listener listener) {
        this.channel = channel;
        this.cookie = cookie;
        this.listener = listener;
    }

    /** Sends a text frame; what became of it only {@link Listener#ended} tells. */
    void send(String text) {
        try {
            write(Frame.text(text).masked());
        } catch (IOException _) {
            // Reading finds the same.
        }
    }

    /** Drops the connection without a word, as a lost network does. */
    void cut() {
        over = true;
        try {
            // With a reset, or thousands of ports would be taken for a minute.
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException _) {
            // then it is gone
        }
    }

    /** The connection stands, or does not come about. */
    void connected() {
        try {
            channel.finishConnect();
            InetSocketAddress server = (InetSocketAddress) channel.getRemoteAddress();
            String request = "GET /ws HTTP/1.1\r\nHost: " + server.getHostString() + ":" + server.getPort()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                    + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: parley.v1"
                    + "\r\nCookie: " + cookie + END_OF_HEAD;
            write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            end("no connection: " + e.getMessage());
        }
    }

    /** Takes what came, by way of this buffer. */
    void read(ByteBuffer buffer) {
        try {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                end(head == null ? "closed without a word" : "closed instead of an answer to the handshake");
                return;
            }
            buffer.flip();
            if (head == null || isHeadWhole(head, buffer)) {
                frames.read(buffer).forEach(this::on);
            }
        } catch (IOException e) {
            end("broken: " + e.getMessage());
        }
    }

    /** Takes the head from the buffer; true once all of it came, and says that this is a socket. */
    private boolean isHeadWhole(ByteArrayOutputStream so, ByteBuffer buffer) {
        int before = so.size();
        byte[] more = new byte[buffer.remaining()];
        buffer.get(more);
        so.writeBytes(more);
        String text = so.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END_OF_HEAD);
        if (end < 0) {
            return false;
        }
        head = null;
        if (!text.startsWith(SWITCHING)) {
            end("handshake refused: " + text.substring(STATUS_AT, STATUS_AT + 3));
            return false;
        }
        buffer.position(end + END_OF_HEAD.length() - before);
        return true;
    }

    private void on(Frame frame) {
        switch (frame.opcode()) {
            case Frame.TEXT -> listener.text(this, frame.text());
            case Frame.PING -> pong(frame);
            case Frame.CLOSE -> end("closed with " + closeCode(frame));
            default -> {}
        }
    }

    private void pong(Frame ping) {
        try {
            write(new Frame(Frame.PONG, ping.payload()).masked());
        } catch (IOException _) {
            // Reading finds the same.
        }
    }

    private static int closeCode(Frame close) {
        ByteBuffer payload = close.payload();
        return payload.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(payload.getShort(0));
    }

    private void end(String why) {
        if (!over) {
            cut();
            listener.ended(why);
        }
    }

    private synchronized void write(ByteBuffer bytes) throws IOException {
        // All that is ever sent at once fits into the system's buffer, so this does not turn for long.
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
