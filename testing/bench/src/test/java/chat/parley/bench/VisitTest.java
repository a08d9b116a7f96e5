package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class VisitTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final Visit visit = new Visit(new Guest("cookie"));

    @Test
    void hasNoAnswerOnceItHasEnded() {
        visit.ended("closed with 1001");

        assertThatIllegalStateException()
                .isThrownBy(() -> Waiting.await(visit.ask("Anything new?"), AT_ONCE))
                .withMessageContaining("closed with 1001");
        assertThatIllegalStateException()
                .isThrownBy(() -> Waiting.await(visit.seen(), AT_ONCE))
                .withMessageContaining("closed with 1001");
    }

    @Test
    void asksOnlyWhenItIsWelcome() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Waiting.await(visit.ask("Anything new?"), AT_ONCE))
                .withMessageContaining("Not welcome");
    }

    @Test
    void isNotWaitedForForEver() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Waiting.await(visit.seen(), AT_ONCE))
                .withMessageContaining("Nothing for");
    }
}
