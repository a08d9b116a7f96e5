package chat.parley.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void readsWhatLinuxSays() {
        List<String> lines = List.of("processor\t: 0", "model name\t: AMD: EPYC", "model name\t: other");

        assertThat(Machine.value(lines, "model name")).isEqualTo("AMD: EPYC");
        assertThat(Machine.value(lines, "MemTotal")).isEqualTo("unknown");
        assertThat(Machine.megabytes("2048 kB")).isEqualTo(2);
        assertThat(Machine.megabytes("unknown")).isZero();
    }

    @Test
    void saysWhereItIs() {
        Machine here = Machine.here();

        assertThat(here.cores()).isPositive();
        assertThat(here.toString()).contains("commit " + here.commit(), here.kernel());
    }
}
