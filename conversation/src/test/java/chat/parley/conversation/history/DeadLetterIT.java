package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterIT {
    private final HistoryFixture chat = new HistoryFixture();
    private final DeadLetterStore letters = new DeadLetterStore(chat.redis, HistoryFixture.MAPPER);

    @BeforeEach
    void forget() {
        chat.raw().del(Keys.deadLetters());
    }

    @Test
    void remembersTheNewestLettersOnly() {
        letters.record(List.of(letter("1"), letter("2")), 3);
        letters.record(List.of(letter("3"), letter("4")), 3);

        assertThat(letters.newest(10)).containsExactly(letter("4"), letter("3"), letter("2"));
        assertThat(letters.newest(1)).containsExactly(letter("4"));
    }

    private static DeadLetter letter(String messageId) {
        return new DeadLetter(
                Instant.parse("2026-11-23T10:15:30Z"),
                "reply.requested",
                messageId,
                "assistant.requests",
                "delivery_limit",
                17);
    }
}
