package chat.parley.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RecordedTest {
    @Test
    void reportsTheRowOfAnotherProgram() {
        Row row = JsonMapper.builder().build().readValue("""
                {"table":"Tasks","name":"mixed","figures":[{"name":"longest","value":51,"unit":"ms"}]}""", Row.class);
        Report report = new Report("test", "Test");

        Recorded.add(report, row);

        assertThat(report.rows()).containsExactly(new Row("Tasks", "mixed", List.of(new Figure("longest", 51, "ms"))));
        assertThat(report.lines()).contains("| mixed | 51.0 |");
    }
}
