package chat.parley.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScaleTest {
    @Test
    void hasRoundMarksAndRoomForTheMost() {
        assertThat(Scale.upTo(4)).isEqualTo(new Scale(4, 1));
        assertThat(Scale.upTo(6)).isEqualTo(new Scale(6, 1));
        assertThat(Scale.upTo(6.1)).isEqualTo(new Scale(8, 2));
        assertThat(Scale.upTo(1000)).isEqualTo(new Scale(1000, 200));
        assertThat(Scale.upTo(2100)).isEqualTo(new Scale(2500, 500));
        assertThat(Scale.upTo(0)).isEqualTo(new Scale(1, 1));
        assertThat(Scale.upTo(0.42).step()).isEqualTo(0.1, within(1e-9));
        assertThat(Scale.upTo(0.42).marks()).isEqualTo(5);
    }

    @Test
    void hasNoPartsOfACount() {
        assertThat(Scale.ofCounts(2)).isEqualTo(new Scale(2, 1));
        assertThat(Scale.ofCounts(1000)).isEqualTo(new Scale(1000, 200));
    }

    @Test
    void placesAValueBetweenItsEnds() {
        Scale scale = new Scale(8, 2);

        assertThat(scale.place(0, 60, 760)).isEqualTo(60);
        assertThat(scale.place(8, 60, 760)).isEqualTo(760);
        assertThat(scale.place(2, 100, 20)).isEqualTo(80);
    }
}
