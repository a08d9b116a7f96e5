package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final int MINUTES = 30;

    /** A number that follows a function of the hours, read every minute. */
    private static Growth.Line read(DoubleUnaryOperator number) {
        Growth growth = new Growth();
        for (int minute = 0; minute < MINUTES; minute++) {
            growth.add(Duration.ofMinutes(minute), Map.of("number", number.applyAsDouble(minute / 60.0)));
        }
        List<Growth.Line> lines = growth.lines();
        assertThat(lines).hasSize(1);
        return lines.getFirst();
    }

    @Test
    void findsWhatGrowsSteadily() {
        Growth.Line line = read(hours -> 100 + 20 * hours);
        assertThat(line.slope()).isCloseTo(20 / 1.0733, within(0.01));
        assertThat(line.error()).isCloseTo(0, within(1e-6));
        assertThat(line.isLeak()).isTrue();
    }

    @Test
    void looksAtTheSecondHalfOnly() {
        Growth.Line line = read(hours -> hours < 0.25 ? 50 + 200 * hours : 100);
        assertThat(line.first()).isLessThan(100);
        assertThat(line.second()).isEqualTo(100);
        assertThat(line.slope()).isZero();
        assertThat(line.isLeak()).isFalse();
    }

    @Test
    void findsGrowthInNoiseAndTakesNoiseAloneForNone() {
        Random random = new Random(1);
        assertThat(read(hours -> 100 + 40 * hours + random.nextGaussian()).isLeak())
                .isTrue();
        assertThat(read(hours -> 100 + random.nextGaussian()).isLeak()).isFalse();
    }

    @Test
    void takesWhatShrinksForNoLeak() {
        assertThat(read(hours -> 100 - 50 * hours).isLeak()).isFalse();
    }

    @Test
    void takesWhatOnlyComesBackToWhereItWasForNoLeak() {
        // Full, then fewer, and filled again; once more than it was it is one.
        assertThat(read(hours -> hours < 0.2 ? 370 : 310 + 100 * (hours - 0.2)).isLeak())
                .isFalse();
        assertThat(read(hours -> hours < 0.2 ? 330 : 310 + 100 * (hours - 0.2)).isLeak())
                .isTrue();
    }

    @Test
    void findsWhatGrowsSteadilyUnderAPeakInTheFirstHalf() {
        assertThat(read(hours -> hours == 5 / 60.0 ? 150 : 100 + 10 * hours).isLeak())
                .isTrue();
    }

    @Test
    void countsWhatIsNearlyAlwaysZero() {
        assertThat(read(_ -> 0).isLeak()).isFalse();
    }

    @Test
    void saysNothingAboutAFewPoints() {
        Growth growth = new Growth();
        growth.add(Duration.ZERO, Map.of("number", 1.0));
        growth.add(Duration.ofHours(1), Map.of("number", 100.0));
        assertThat(growth.lines()).isEmpty();
    }
}
