package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacerTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // wraps around, as nanoTime may
    private final Pacer pacer = new Pacer(100, now::get);

    @Test
    void grantsAtMostItsRateOverAnyLongerTime() {
        int taken = 0;
        for (int millisecond = 0; millisecond < 2_000; millisecond++) {
            while (pacer.tryTake()) {
                taken++;
            }
            now.addAndGet(Duration.ofMillis(1).toNanos());
        }
        assertThat(taken).isBetween(200, 210);
    }

    @Test
    void neverLetsWait() {
        for (int second = 0; second < 100; second++) {
            assertThat(pacer.tryTake()).isTrue();
            now.addAndGet(Duration.ofMillis(10).toNanos());
        }
    }

    @Test
    void saysHowLongItTakesUntilTheNextTurn() {
        while (pacer.tryTake()) {
            assertThat(pacer.untilNext()).isLessThanOrEqualTo(Duration.ofMillis(10));
        }
        Duration wait = pacer.untilNext();
        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMillis(10));
        now.addAndGet(wait.toNanos());
        assertThat(pacer.untilNext()).isZero();
        assertThat(pacer.tryTake()).isTrue();
    }
}
