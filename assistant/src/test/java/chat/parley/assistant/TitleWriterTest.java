package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TitleWriterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Trip to Rome | Trip to Rome",
                "\"Trip to Rome.\" | Trip to Rome",
                "## **Trip to Rome** | Trip to Rome",
                "„Reise nach Rom“ | Reise nach Rom",
                "C# or F#? | C# or F#?",
                "'***' | ''",
                "'' | ''",
            })
    void takesOffWhatModelsPutAroundATitle(String answer, String title) {
        assertThat(TitleWriter.clean(answer)).isEqualTo(title);
    }

    @Test
    void takesTheFirstLineWithWords() {
        assertThat(TitleWriter.clean("\n  \n One\nTwo")).isEqualTo("One");
    }

    @Test
    void cutsALongOneBetweenCharacters() {
        assertThat(TitleWriter.clean("\uD83D\uDE00".repeat(200))).isEqualTo("\uD83D\uDE00".repeat(40));
        assertThat(TitleWriter.clean("a" + "\uD83D\uDE00".repeat(200))).hasSize(79);
    }
}
