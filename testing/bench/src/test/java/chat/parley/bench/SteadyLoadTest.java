package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SteadyLoadTest {
    @Test
    void hasEveryoneAskAgainAndAgain() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(5);
        Asker asker = _ -> {
            asked.countDown();
            StreamTimes times = new StreamTimes();
            times.text();
            times.end();
            return times;
        };
        SteadyLoad load = new SteadyLoad(List.of(asker), 1, Duration.ZERO);
        asked.await();
        load.close();

        int answers = load.answers().size();
        assertThat(answers).isGreaterThanOrEqualTo(5);
        assertThat(load.answers()).hasSize(answers);
    }

    @Test
    void saysThatSomebodyGotNoAnswer() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Asker asker = _ -> {
            asked.countDown();
            return StreamTimes.failed("Refused");
        };
        SteadyLoad load = new SteadyLoad(List.of(asker), 1, Duration.ZERO);
        asked.await();
        load.close();

        assertThatIllegalStateException().isThrownBy(load::answers).withMessageContaining("Refused");
    }
}
