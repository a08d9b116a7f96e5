package chat.parley.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket frame (RFC 6455, section 5.2) or, of text, a whole message.
 *
 * @param opcode 0 to 15
 */
record Frame(int opcode, ByteBuffer payload) {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int LAST = 0x80;
    static final int MASKED = 0x80;
    static final int LENGTH = 0x7F;
    static final int TWO_BYTES = 126;
    static final int EIGHT_BYTES = 127;
    private static final int MOST_IN_TWO_BYTES = 0xFFFF;
    private static final int LONGEST_HEAD = 8;

    static Frame text(String text) {
        return new Frame(TEXT, StandardCharsets.UTF_8.encode(text));
    }

    /** What it says, if it is text. */
    String text() {
        return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    /** As a client sends it, at most 65,535 bytes long. Its mask is zero: there is nothing to hide the text from. */
    ByteBuffer masked() {
        int length = payload.remaining();
        if (length > MOST_IN_TWO_BYTES) {
            throw new IllegalArgumentException("Too long: " + length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_HEAD + length);
        bytes.put((byte) (LAST | opcode));
        if (length < TWO_BYTES) {
            bytes.put((byte) (MASKED | length));
        } else {
            bytes.put((byte) (MASKED | TWO_BYTES)).putShort((short) length);
        }
        return bytes.putInt(0).put(payload.duplicate()).flip();
    }
}
