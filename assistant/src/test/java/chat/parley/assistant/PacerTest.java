package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacerTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // wraps around, as nanoTime may
    private final Pacer pacer = new Pacer(100, now::get);

    @Test
    void grantsItsRateInTheOrderOfAsking() {
        while (pacer.take().isZero()) {
            // what was kept
        }
        for (int turn = 2; turn < 200; turn++) {
            assertThat(pacer.take()).isEqualTo(Duration.ofMillis(10L * turn));
        }
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(pacer.take()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void keepsTurnsForATenthOfASecond() {
        now.addAndGet(Duration.ofSeconds(100).toNanos());
        for (int turn = 0; turn < 10; turn++) {
            assertThat(pacer.take()).isZero();
        }
        assertThat(pacer.take()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void neverLetsWaitWhoComesNowAndThen() {
        for (int second = 0; second < 100; second++) {
            assertThat(pacer.take()).isZero();
            now.addAndGet(Duration.ofMillis(10).toNanos());
        }
    }
}
