package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PauseLogTest {
    @Test
    void readsThePausesOfEachCollector() {
        List<String> log = List.of(
                "[0.012s][info][gc] Using G1",
                "[1.234s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 23M->3M(256M) 2.345ms",
                "[1.300s][info][gc,phases] GC(0)   Evacuate Collection Set: 1.9ms",
                "[2.000s][info][gc] GC(1) Concurrent Mark Cycle 12.345ms",
                "[2.100s][info][gc] GC(1) Pause Remark 40M->38M(256M) 1210.007ms",
                "[3.000s][info][gc] GC(2) Pause Young (Allocation Failure) 69M->10M(247M) 12,300ms",
                "[4.000s][info][gc,phases] GC(3) y: Pause Mark Start 0.006ms",
                "[5.000s][info][gc] GC(4) Pause Young (Normal) (G1 Evac");

        assertThat(PauseLog.pauses(log))
                .containsExactly(
                        Duration.ofNanos(2_345_000),
                        Duration.ofNanos(1_210_007_000),
                        Duration.ofNanos(12_300_000),
                        Duration.ofNanos(6000));
    }
}
