package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FrameRateTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void takesABurstAndThenTheRate() {
        FrameRate rate = new FrameRate(10, 2, 0);

        assertThat(rate.take(0)).isZero();
        assertThat(rate.take(0)).isZero();
        assertThat(rate.take(0)).isEqualTo(Duration.ofMillis(100));
        assertThat(rate.take(SECOND / 10)).isZero();
        assertThat(rate.take(SECOND / 10)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void savesNoMoreThanABurst() {
        FrameRate rate = new FrameRate(10, 2, 0);

        assertThat(rate.take(3600 * SECOND)).isZero();
        assertThat(rate.take(3600 * SECOND)).isZero();
        assertThat(rate.take(3600 * SECOND)).isPositive();
    }
}
