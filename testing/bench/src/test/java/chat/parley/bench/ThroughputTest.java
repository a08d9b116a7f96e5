package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chat.parley.e2e.stack.Processes.Tier;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThroughputTest {
    @Test
    void isComparedWithWhatTheModelAllows() {
        // Two workers with eight places each, and ten seconds for a reply of the model.
        Throughput result = new Throughput(
                2,
                8,
                new Reply(201, 20),
                Collections.nCopies(30, Duration.ofMillis(9500)),
                Duration.ofSeconds(20),
                Map.of(Tier.ASSISTANT, 12.06));

        assertThat(result.predicted()).isEqualTo(1.6);
        assertThat(result.repliesPerSecond()).isEqualTo(1.5);
        assertThat(result.difference()).isEqualTo(-6.25, within(1e-9));
        assertThat(result.first(0.5)).isEqualTo(9.5);
        assertThat(result.cost().perThousandTokens(Tier::isParley)).isEqualTo(2, within(1e-9));
    }
}
