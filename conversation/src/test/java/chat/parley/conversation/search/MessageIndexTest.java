package chat.parley.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.MessageTexts.Text;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.Id;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIndexTest {
    private static Deadline later() {
        return Deadline.in(Duration.ofHours(1));
    }

    private static MessageIndex of(String... texts) throws IOException {
        MessageIndex index = new MessageIndex();
        for (int i = 0; i < texts.length; i++) {
            index.add(new Id("c"), new Text(new Id("m" + i), Instant.ofEpochSecond(i), texts[i]));
        }
        index.refresh();
        return index;
    }

    /** Of a user who has filled his index with words, and asks for parts of all of them. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "word", "\"word 1\""})
    void endsWhenNobodyWaitsAnyMore(String typed) throws IOException {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            words.append("word").append(i).append(' ');
        }
        try (MessageIndex index = of(words.toString(), "word 1")) {
            Wanted wanted = Wanted.of(typed, 12);
            assertThat(index.search(wanted, 10, later())).hasSize(typed.equals("x") ? 0 : typed.equals("word") ? 2 : 1);

            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> index.search(wanted, 10, new Deadline(System.nanoTime() - 1)))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }

    /** The newest of those that were put in, in whatever order that was. */
    @Test
    void findsTheNewestFirst() throws IOException {
        try (MessageIndex index = of("one whale", "two whales", "three sharks")) {
            assertThat(index.search(Wanted.of("whale", 12), 10, later()))
                    .extracting(match -> match.messageId().value())
                    .containsExactly("m1", "m0");
        }
    }
}
