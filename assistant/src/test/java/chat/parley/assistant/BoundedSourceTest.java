package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import okio.Buffer;
import okio.Okio;
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

    private static String read(String text, boolean stream) throws IOException {
        return Okio.buffer(new BoundedSource(new Buffer().writeUtf8(text), 10, stream))
                .readUtf8();
    }
}
