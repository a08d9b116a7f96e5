package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.e2e.Pace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static Options parse(String line) {
        return Options.parse(Arrays.asList(line.split(" ", -1)));
    }

    @Test
    void takesRowsByNumberByNameAndByBoth() {
        Options options = parse("10 model-429 36-nginx-kill --times 3 --seed 7 --real");

        assertThat(options.what()).isEqualTo("rows");
        assertThat(options.names()).containsExactly("10", "model-429", "36-nginx-kill");
        assertThat(options.times()).isEqualTo(3);
        assertThat(options.seed()).isEqualTo(7);
        assertThat(options.pace()).isEqualTo(Pace.REAL);
        assertThat(FaultTable.rows()).anyMatch(row -> row.isCalled("36-nginx-kill"));
    }

    @Test
    void takesALengthForASoak() {
        assertThat(parse("soak 30m --streams 100 --idle 2000").load())
                .isEqualTo(new Soak.Load(Duration.ofMinutes(30), 100, 2000, Duration.ofSeconds(20), null));
        assertThat(parse("soak 30m --every 10s --spare Redis").load())
                .isEqualTo(new Soak.Load(Duration.ofMinutes(30), 20, 100, Duration.ofSeconds(10), "Redis"));
        assertThatThrownBy(() -> parse("soak long")).hasMessageContaining("How long?");
    }

    @Test
    void saysWhatItDoesNotKnow() {
        assertThatThrownBy(() -> parse("99")).hasMessageContaining("There is no row 99");
        assertThatThrownBy(() -> parse("10 --times many")).hasMessageContaining("--times wants a number");
        assertThatThrownBy(() -> Options.parse(List.of())).hasMessageContaining("Which rows?");
    }

    @Test
    void namesEachRowOnce() {
        assertThat(FaultTable.rows()).extracting(Row::name).doesNotHaveDuplicates();
    }
}
