package chat.parley.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final List<Column> COLUMNS = List.of(new Column("p50", "ms", 1), Column.of("ratio", 2));

    private final Report report = new Report("test", "Test");
    private final Table table = report.table("Times", "who", COLUMNS);

    @Test
    void isMarkdownForPeopleAndNumbersForPrograms() {
        table.row("A", List.of(1.25, 2.0));
        table.row("B", List.of(3.0, Double.NaN));

        assertThat(report.lines())
                .endsWith(
                        "Times:",
                        "",
                        "| who | p50, ms | ratio |",
                        "| --- | --- | --- |",
                        "| A | 1.3 | 2.00 |",
                        "| B | 3.0 | – |");
        assertThat(report.rows())
                .containsExactly(
                        new Row("Times", "A", List.of(new Figure("p50", 1.25, "ms"), new Figure("ratio", 2.0, ""))),
                        new Row("Times", "B", List.of(new Figure("p50", 3.0, "ms"))));
    }

    @Test
    void hasAValueForEachColumn() {
        assertThatIllegalArgumentException().isThrownBy(() -> table.row("A", List.of(1.0)));
    }
}
