package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PausesTest {
    @Test
    void sharesThePausesAmongTokensAndTime() {
        List<Duration> each = List.of(Duration.ofMillis(20), Duration.ofMillis(2), Duration.ofMillis(8));
        List<Double> figures = new Pauses(each, 2, Duration.ofSeconds(10)).figures(3000);

        assertThat(figures).hasSameSizeAs(Pauses.columns());
        assertThat(figures.subList(0, 4)).containsExactly(3.0, 8.0, 20.0, 10.0);
        assertThat(figures.getLast()).isEqualTo(100 * 30.0 / 20_000, within(1e-9));
    }

    @Test
    void hasNoMedianWithoutAPause() {
        assertThat(new Pauses(List.of(), 1, Duration.ofSeconds(10)).figures(3000))
                .containsExactly(0.0, Double.NaN, Double.NaN, 0.0, 0.0);
    }
}
