package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ResumptionTest {
    private static final Duration CALM = Duration.ofSeconds(60);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // wraps around, as nanoTime may
    private final Resumption resumption = resumption(2);

    private Resumption resumption(int rate) {
        return new Resumption(new AssistantProperties.Resume(rate, CALM), now::get);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void letsEveryCallGoAtOnceAsLongAsTheProviderWasNotAway() {
        for (int call = 0; call < 10_000; call++) {
            assertThat(resumption.takeTurn()).isZero();
        }
    }

    @Test
    void hasNoMoreCallsInAnySecondThanAreAllowed() {
        Resumption quick = resumption(12);
        quick.begin();

        Duration first = quick.takeTurn();
        for (int call = 2; call <= 11; call++) {
            quick.takeTurn();
        }
        Duration twelfth = quick.takeTurn();
        assertThat(twelfth.minus(first)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_100));
    }

    @Test
    void countsTheCallThatShowedThatTheProviderIsBack() {
        resumption.begin();

        assertThat(resumption.takeTurn()).isPositive();
    }

    @Test
    void keepsTheOrderOfThoseThatWaitWhenTheProviderGoesAndComesBackOnceMore() {
        resumption.begin();
        Duration waiting = Duration.ZERO;
        for (int call = 0; call < 10; call++) {
            waiting = resumption.takeTurn();
        }
        resumption.begin();

        assertThat(resumption.takeTurn()).isGreaterThan(waiting);
    }

    @Test
    void endsWhenNoCallHadToWaitForAWhile() {
        resumption.begin();
        Duration wait = resumption.takeTurn();
        pass(wait.plus(CALM));
        assertThat(resumption.takeTurn()).isPositive();
        pass(Duration.ofSeconds(3).plus(CALM));

        for (int call = 0; call < 1_000; call++) {
            assertThat(resumption.takeTurn()).isZero();
        }
    }

    @Test
    void canBeAsSlowAsOneCallASecond() {
        Resumption slow = resumption(1);
        slow.begin();

        Duration first = slow.takeTurn();
        assertThat(slow.takeTurn().minus(first)).isGreaterThan(Duration.ofSeconds(1));
    }
}
