package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EmptyLooksTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private final Object connection = new Object();
    private final EmptyLooks looks = new EmptyLooks(Duration.ofSeconds(5));

    @Test
    void proveNothingAtFirst() {
        assertThat(looks.lostBefore()).isEqualTo(Instant.MIN);
    }

    @Test
    void proveNothingWhenTheyAreTooClose() {
        empty(0);
        empty(4);

        assertThat(looks.lostBefore()).isEqualTo(Instant.MIN);
    }

    @Test
    void proveThatWhatWasThereBeforeTheFirstOfTwoIsLost() {
        empty(0);
        empty(5);

        assertThat(looks.lostBefore()).isEqualTo(START);
    }

    @Test
    void goOnProvingAsTimePasses() {
        for (int second = 0; second <= 20; second += 2) {
            empty(second);
            looks.lostBefore();
        }

        assertThat(looks.lostBefore()).isEqualTo(START.plusSeconds(14));
    }

    @Test
    void countNotWhenTheQueueHeldSomething() {
        empty(0);
        looks.found(connection, START.plusSeconds(6), false);

        assertThat(looks.lostBefore()).isEqualTo(Instant.MIN);
    }

    @Test
    void startAnewOnAnotherConnection() {
        empty(0);
        looks.found(new Object(), START.plusSeconds(6), true);

        assertThat(looks.lostBefore()).isEqualTo(Instant.MIN);
    }

    private void empty(int second) {
        looks.found(connection, START.plusSeconds(second), true);
    }
}
