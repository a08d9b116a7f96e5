package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void takesTheNearestRank() {
        Sample sample = Sample.of(IntStream.rangeClosed(1, 100)
                .mapToObj(i -> Duration.ofMillis(101 - i))
                .toList());

        assertThat(sample.percentile(0.5)).isEqualTo(50);
        assertThat(sample.percentile(0.99)).isEqualTo(99);
        assertThat(sample.percentile(1)).isEqualTo(100);
        assertThat(sample.percentile(0)).isEqualTo(1);
        assertThat(sample.shareUpTo(30)).isEqualTo(0.3);
        assertThat(sample.shareUpTo(0.5)).isZero();
    }

    @Test
    void hasAtLeastOneDuration() {
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(List.of()));
    }

    @Test
    void givesAColumnEachFigure() {
        Sample sample = Sample.of(List.of(Duration.ofMillis(2)));

        assertThat(sample.figures()).containsExactly(1.0, 2.0, 2.0, 2.0, 2.0).hasSameSizeAs(Sample.columns());
    }
}
