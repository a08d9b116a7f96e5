package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class TrafficTest {
    @Test
    void readsWhatTheServersCount() {
        assertThat(Traffic.ofBroker("10\t200\n1\t30\n")).containsExactly(11, 230);
        String statistics = "# Stats\r\ntotal_net_input_bytes:42\r\ntotal_net_output_bytes:7\r\n";
        assertThat(Traffic.statistic(statistics, "total_net_input_bytes")).isEqualTo(42);
        assertThatIllegalStateException()
                .isThrownBy(() -> Traffic.statistic("", "total_net_input_bytes"))
                .withMessageContaining("total_net_input_bytes");
    }

    @Test
    void subtractsWhatWasBeforeAndSharesTheRest() {
        Traffic all = new Traffic(20, 40, 60, 80, 100);
        Traffic before = new Traffic(10, 10, 10, 10, 10);

        assertThat(all.minus(before).times(0.1)).isEqualTo(new Traffic(1, 3, 5, 7, 9));
        assertThat(all.dividedBy(before)).isEqualTo(new Traffic(2, 4, 6, 8, 10));
        assertThat(all.dividedBy(before).most()).isEqualTo(10);
    }
}
