package chat.parley.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.Id;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class IndexesTest {
    private static final Duration PATIENCE = Duration.ofMillis(20);
    private final Indexes indexes = new Indexes(DataSize.ofMegabytes(1), Duration.ofHours(1));
    private final Id user = Id.random();

    @AfterEach
    void close() {
        indexes.close();
    }

    @Test
    void letsOneSearchOfAUserWaitForTheOther() {
        Indexes.Slot slot = indexes.take(user, PATIENCE);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> indexes.take(user, PATIENCE))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        Indexes.Slot another = indexes.take(Id.random(), PATIENCE);
        indexes.release(another);
        indexes.release(slot);

        indexes.release(indexes.take(user, PATIENCE));
    }

    @Test
    void keepsNothingOfAUserWhoHasNoIndex() {
        indexes.release(indexes.take(user, PATIENCE));

        assertThat(indexes.bytes()).isZero();
        assertThat(indexes.users()).isZero();
    }
}
