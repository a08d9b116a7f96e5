package chat.parley.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a server sends into frames, and puts the pieces of a message together. Keeps nothing between two frames.
 */
final class FrameReader {
    private static final byte[] NOTHING = {};

    /** The beginning of a frame whose end has not come. */
    private byte[] rest = NOTHING;
    /** The beginning of a message whose last frame has not come. */
    private @Nullable ByteArrayOutputStream begun;

    /** The frames that are whole with these bytes. */
    List<Frame> read(ByteBuffer more) {
        ByteBuffer bytes = ByteBuffer.allocate(rest.length + more.remaining());
        bytes.put(rest).put(more).flip();
        List<Frame> frames = new ArrayList<>();
        while (isWhole(bytes)) {
            take(bytes, frames);
        }
        rest = bytes.hasRemaining() ? new byte[bytes.remaining()] : NOTHING;
        bytes.get(rest);
        return frames;
    }

    private static boolean isWhole(ByteBuffer bytes) {
        if (bytes.remaining() < 2) {
            return false;
        }
        int head = headLength(bytes);
        return bytes.remaining() >= head && bytes.remaining() - head >= length(bytes);
    }

    private static int headLength(ByteBuffer bytes) {
        return switch (bytes.get(bytes.position() + 1) & Frame.LENGTH) {
            case Frame.TWO_BYTES -> 2 + Short.BYTES;
            case Frame.EIGHT_BYTES -> 2 + Long.BYTES;
            default -> 2;
        };
    }

    private static long length(ByteBuffer bytes) {
        int at = bytes.position() + 1;
        int length = bytes.get(at) & Frame.LENGTH;
        return switch (length) {
            case Frame.TWO_BYTES -> Short.toUnsignedInt(bytes.getShort(at + 1));
            case Frame.EIGHT_BYTES -> bytes.getLong(at + 1);
            default -> length;
        };
    }

    private void take(ByteBuffer bytes, List<Frame> frames) {
        int first = bytes.get(bytes.position());
        byte[] payload = new byte[Math.toIntExact(length(bytes))];
        bytes.position(bytes.position() + headLength(bytes)).get(payload);
        int opcode = first & 0xF;
        boolean last = (first & Frame.LAST) != 0;
        if (opcode > Frame.TEXT || (opcode == Frame.TEXT && last)) {
            frames.add(new Frame(opcode, ByteBuffer.wrap(payload)));
            return;
        }
        ByteArrayOutputStream message = begun == null ? new ByteArrayOutputStream() : begun;
        message.writeBytes(payload);
        begun = last ? null : message;
        if (last) {
            frames.add(new Frame(Frame.TEXT, ByteBuffer.wrap(message.toByteArray())));
        }
    }
}
