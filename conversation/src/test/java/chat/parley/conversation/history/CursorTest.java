package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    @Test
    void readsWhatItWrote() {
        Cursor cursor = new Cursor(42, "00ff00ff00ff00ff");
        assertThat(Cursor.parse(cursor.toString())).contains(cursor);
        assertThat(Cursor.parse(Cursor.START.toString())).contains(Cursor.START);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.",
                ".a",
                "-1.a",
                "01.a",
                "1.A",
                "1.g",
                "1.a.b",
                "99999999999999999.a",
                "1.00ff00ff00ff00ff0"
            })
    void readsNothingElse(String text) {
        assertThat(Cursor.parse(text)).isEmpty();
    }
}
