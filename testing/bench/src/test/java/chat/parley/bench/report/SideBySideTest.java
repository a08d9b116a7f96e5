package chat.parley.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SideBySideTest {
    @Test
    void putsTheFiguresOfBothBesideEachOther() {
        Report report = of(run("a", 1), run("a", 3), run("b", 4), run("b", 8));

        assertThat(report.lines())
                .contains(
                        "A is commit a, B is commit b; 2 runs each, in turns A B.",
                        "| figure | A 1 | A 2 | B 1 | B 2 | B ÷ A |",
                        "| through: p50, ms | 1.00 | 3.00 | 4.00 | 8.00 | 3.00 |");
    }

    @Test
    void showsWhatOnlyOneHas() {
        Report report = of(new Results("test", "", machine("a"), List.of()), run("b", 4));

        assertThat(report.lines()).contains("| through: p50, ms | – | 4.00 | – |");
    }

    @Test
    void wantsAsManyRunsOfBoth() {
        assertThatIllegalArgumentException().isThrownBy(() -> of(run("a", 1)));
    }

    @Test
    void readsWhatReportsWrite() {
        JsonMapper json = JsonMapper.builder().build();
        Results results = run("a", 1);

        assertThat(json.readValue(json.writeValueAsString(results), Results.class))
                .isEqualTo(results);
    }

    private static Report of(Results... runs) {
        return SideBySide.of("test", "commit a", "commit b", List.of(runs));
    }

    private static Results run(String commit, double p50) {
        Row row = new Row("Times", "through", List.of(new Figure("p50", p50, "ms")));
        return new Results("test", "2026-11-29T20:00:00Z", machine(commit), List.of(row));
    }

    private static Machine machine(String commit) {
        return new Machine(2, "CPU", 1024, "Linux", "25", 0.1, commit);
    }
}
