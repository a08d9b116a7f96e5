package chat.parley.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.Id;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.unit.DataSize;

class IndexesTest {
    private final Indexes indexes = new Indexes(DataSize.ofMegabytes(1), Duration.ofHours(1));
    private final Id user = Id.random();

    @AfterEach
    void close() {
        indexes.close();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofMillis(20));
    }

    /** Whoever waits holds a place that all calls share: many key presses of one user must not take them all. */
    @Test
    @Timeout(60)
    void letsOnlyAFewWait() throws InterruptedException {
        Indexes.Slot slot = indexes.take(user, soon());
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(Thread.ofPlatform()
                    .start(() -> indexes.release(indexes.take(user, Deadline.in(Duration.ofHours(1))))));
        }
        await().until(() -> waiting.stream().allMatch(one -> one.getState() == Thread.State.TIMED_WAITING));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> indexes.take(user, Deadline.in(Duration.ofHours(1))))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        indexes.release(slot);
        for (Thread one : waiting) {
            one.join();
        }
        indexes.release(indexes.take(user, soon()));
    }

    @Test
    void letsOneSearchOfAUserWaitForTheOther() {
        Indexes.Slot slot = indexes.take(user, soon());

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> indexes.take(user, soon()))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        Indexes.Slot another = indexes.take(Id.random(), soon());
        indexes.release(another);
        indexes.release(slot);

        indexes.release(indexes.take(user, soon()));
    }

    @Test
    void keepsNothingOfAUserWhoHasNoIndex() {
        indexes.release(indexes.take(user, soon()));

        assertThat(indexes.bytes()).isZero();
        assertThat(indexes.users()).isZero();
    }
}
