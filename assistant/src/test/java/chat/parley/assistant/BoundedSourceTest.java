package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedSourceTest {
    @Test
    void givesAllOfWhatIsShortEnough() throws IOException {
        assertThat(read("0123456789", false)).isEqualTo("0123456789");
        assertThat(read("0123456789", true)).isEqualTo("0123456789");
        assertThat(read("", false)).isEmpty();
    }

    @Test
    void refusesTheWholeThatIsTooLong() {
        assertThatThrownBy(() -> read("01234567890", false)).isInstanceOf(AnswerTooLongException.class);
        assertThatThrownBy(() -> read("01234\n\n56789", false)).isInstanceOf(AnswerTooLongException.class);
    }

    @Test
    void givesAStreamOfAnyLengthWhoseEventsAreShortEnough() throws IOException {
        assertThat(read("012345678\n\n".repeat(10_000), true)).hasSize(110_000);
        assertThat(read("0123456\r\n\r\n".repeat(10_000), true)).hasSize(110_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\n\n01234567890", "0123456\n78901\n", "0123456\r\n8901", "01234567890\n\n"})
    void refusesAStreamWithAnEventThatIsTooLong(String text) {
        assertThatThrownBy(() -> read(text, true)).isInstanceOf(AnswerTooLongException.class);
    }

    /** Whether a stream is refused depends on what it says and not on the pieces in which it comes. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void countsWhateverThePiecesAreInWhichAStreamComes(String lineEnd) throws IOException {
        // More than a buffer holds in one piece, so that a read is in several.
        int most = 20_000;
        String end = lineEnd.repeat(2);
        // The last end of a line belongs to the next stretch.
        int counted = end.length() - 1;
        String fits = "x".repeat(most - counted) + end;
        for (long piece : new long[] {1, 7, 8_192, 30_000}) {
            assertThat(read("x" + end + fits + fits, most, piece)).hasSize(1 + end.length() + 2 * fits.length());
            assertThatThrownBy(() -> read("x" + end + fits + "x" + fits, most, piece))
                    .isInstanceOf(AnswerTooLongException.class);
        }
    }

    private static String read(String text, int most, long piece) throws IOException {
        Source pieces = new ForwardingSource(new Buffer().writeUtf8(text)) {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                return super.read(sink, Math.min(byteCount, piece));
            }
        };
        Source bounded = new BoundedSource(pieces, most, true);
        Buffer all = new Buffer();
        // All at once, and behind what has come before.
        while (bounded.read(all, Long.MAX_VALUE) >= 0) {}
        return all.readUtf8();
    }

    private static String read(String text, boolean stream) throws IOException {
        return Okio.buffer(new BoundedSource(new Buffer().writeUtf8(text), 10, stream))
                .readUtf8();
    }
}
