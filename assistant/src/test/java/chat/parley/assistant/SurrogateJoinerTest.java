package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurrogateJoinerTest {
    private static final String SMILE = "\uD83D\uDE00";

    private final SurrogateJoiner joiner = new SurrogateJoiner();

    @Test
    void passesOnWholeCharacters() {
        assertThat(joiner.add("Grüße " + SMILE)).isEqualTo("Grüße " + SMILE);
        assertThat(joiner.end()).isEmpty();
    }

    @Test
    void holdsBackTheFirstHalfOfAPairUntilTheSecondComes() {
        assertThat(joiner.add("a\uD83D")).isEqualTo("a");
        assertThat(joiner.add("")).isEmpty();
        assertThat(joiner.add("\uDE00b")).isEqualTo(SMILE + "b");
        assertThat(joiner.end()).isEmpty();
    }

    @Test
    void replacesHalvesThatNothingCompletes() {
        assertThat(joiner.add("a\uDE00b")).isEqualTo("a\uFFFDb");
        assertThat(joiner.add("\uD83D")).isEmpty();
        assertThat(joiner.add("\uD83D\uDE00")).isEqualTo("\uFFFD" + SMILE);
        assertThat(joiner.add("\uD83D")).isEmpty();
        assertThat(joiner.add("c")).isEqualTo("\uFFFDc");
        assertThat(joiner.add("\uD83D")).isEmpty();
        assertThat(joiner.end()).isEqualTo("\uFFFD");
        assertThat(joiner.end()).isEmpty();
    }
}
