package chat.parley.conversation;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A WebSocket written by hand: it may read late, never answer a ping, or break the rules. */
public final class RawSocket implements AutoCloseable {
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int PATIENCE_MS = 15_000;

    private final Socket socket;
    private final DataInputStream in;
    private final String handshake;

    /**
     * Asks for an upgrade.
     *
     * @param headers whole lines beside those that every handshake has
     */
    public RawSocket(Service service, String... headers) throws IOException {
        socket = new Socket();
        // The less the system keeps for us, the sooner the server notices that we don't read.
        socket.setReceiveBufferSize(4096);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
        socket.setSoTimeout(PATIENCE_MS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1024));
        List<String> lines = new ArrayList<>(List.of(
                "GET /ws HTTP/1.1",
                "Host: 127.0.0.1:" + service.port(),
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        lines.addAll(List.of(headers));
        socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        handshake = readHead();
    }

    /** A piece of the protocol below frames. */
    public record Piece(int opcode, boolean last, String text, int closeCode) {}

    /** The status line and headers that the server answered with. */
    public String handshake() {
        return handshake;
    }

    /** The status that the server answered with; 101 if the socket is open. */
    public int status() {
        return Integer.parseInt(handshake.split(" ", 3)[1]);
    }

    private String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException(head.toString());
            }
            head.append((char) c);
        }
        return head.toString();
    }

    /** Reads one piece, however small. */
    public Piece piece() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = in.readNBytes(length);
        int opcode = first & 0x0f;
        if (opcode == CLOSE) {
            int code = length < 2 ? 1005 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
            return new Piece(opcode, true, "", code);
        }
        return new Piece(opcode, (first & 0x80) != 0, new String(payload, StandardCharsets.ISO_8859_1), 0);
    }

    /**
     * The next frame of the protocol. Passed over are pings, without an answer, and what is told of the assistant,
     * which may come at any time: other tests leave requests at the broker.
     */
    public JsonNode frame() throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            Piece piece = piece();
            if (piece.opcode() == CLOSE) {
                throw new EOFException("Closed with " + piece.closeCode());
            }
            if (piece.opcode() == TEXT || piece.opcode() == CONTINUATION) {
                text.append(piece.text());
                if (piece.last()) {
                    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
                    JsonNode frame = Browser.JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
                    if (!frame.path("type").asString().equals("status")) {
                        return frame;
                    }
                    text.setLength(0);
                }
            }
        }
    }

    /** Reads all that comes until the server closes; its code, or 1006 if it just hung up. */
    public int closeCode() throws IOException {
        try {
            while (true) {
                Piece piece = piece();
                if (piece.opcode() == CLOSE) {
                    return piece.closeCode();
                }
            }
        } catch (EOFException | java.net.SocketException e) {
            return 1006;
        }
    }

    /**
     * Waits until the server has ended the connection, without answering its close frame.
     *
     * @throws java.net.SocketTimeoutException if it keeps it for 15 s
     */
    public boolean isHungUp() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    public void text(String text) throws IOException {
        write(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes one piece as a client must: masked, here with zeros. */
    public void write(int opcode, boolean last, byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((last ? 0x80 : 0) | opcode);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length & 0xff);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift) & 0xff);
            }
        }
        out.write(new byte[4]);
        out.write(payload);
        socket.getOutputStream().write(out.toByteArray());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
