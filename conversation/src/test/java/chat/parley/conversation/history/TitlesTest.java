package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TitlesTest {
    @Test
    void takesAShortQuestionAsItIs() {
        assertThat(Titles.fromWords("  What is\n\n a  monad? ", 60)).isEqualTo("What is a monad?");
    }

    @Test
    void cutsALongOneBetweenWords() {
        assertThat(Titles.fromWords("one two three four five", 15)).isEqualTo("one two three…");
    }

    @Test
    void cutsOneLongWordWithoutSplittingACharacter() {
        assertThat(Titles.fromWords("🙂".repeat(20), 12)).isEqualTo("🙂".repeat(5) + "…");
    }

    @Test
    void hasATitleForAQuestionWithoutWords() {
        assertThat(Titles.fromWords(" \n ", 60)).isEqualTo("New chat");
    }
}
