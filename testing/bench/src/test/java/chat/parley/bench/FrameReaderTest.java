package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private final FrameReader reader = new FrameReader();

    @Test
    void readsFramesOfEachLengthByteByByte() {
        String longer = "x".repeat(200);
        String longest = "é".repeat(40_000);
        ByteBuffer bytes = ByteBuffer.allocate(100_000);
        bytes.put(bytes(0x81, 2)).put(utf8("hi"));
        bytes.put(bytes(0x81, 126)).putShort((short) 200).put(utf8(longer));
        bytes.put(bytes(0x81, 127)).putLong(80_000).put(utf8(longest)).flip();

        List<String> texts = new ArrayList<>();
        while (bytes.hasRemaining()) {
            reader.read(ByteBuffer.wrap(new byte[] {bytes.get()})).forEach(frame -> texts.add(frame.text()));
        }

        assertThat(texts).containsExactly("hi", longer, longest);
    }

    @Test
    void putsAMessageTogetherThatAPingInterrupts() {
        ByteBuffer bytes = ByteBuffer.allocate(100);
        bytes.put(bytes(0x01, 2)).put(utf8("on"));
        bytes.put(bytes(0x89, 0));
        bytes.put(bytes(0x80, 1)).put(utf8("e")).flip();

        List<Frame> frames = reader.read(bytes);

        assertThat(frames).extracting(Frame::opcode).containsExactly(Frame.PING, Frame.TEXT);
        assertThat(frames.getLast().text()).isEqualTo("one");
    }

    @Test
    void writesWhatAServerReads() {
        assertThat(Frame.text("hi").masked()).isEqualTo(ByteBuffer.wrap(bytes(0x81, 0x82, 0, 0, 0, 0, 'h', 'i')));
        assertThat(Frame.text("x".repeat(200)).masked().slice(0, 4))
                .isEqualTo(ByteBuffer.wrap(bytes(0x81, 0xFE, 0, 200)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Frame.text("x".repeat(65_536)).masked());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
