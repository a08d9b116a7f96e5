package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chat.parley.e2e.stack.Processes.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundTest {
    private static final Reply REPLY = new Reply(201, 20);

    @Test
    void isInRealTimeIfNobodyWaits() {
        assertThat(round(100, 60, 10_400).isInRealTime()).isTrue();
        assertThat(round(1000, 60, 10_400).isInRealTime()).isFalse();
        assertThat(round(100, 500, 10_400).isInRealTime()).isFalse();
        assertThat(round(100, 60, 10_600).isInRealTime()).isFalse();
    }

    @Test
    void saysHowManyKeptUpWithTheModel() {
        assertThat(round(100, 60, 10_400).inTime()).isEqualTo(100);
        assertThat(round(100, 60, 10_600).inTime()).isZero();
    }

    @Test
    void sharesTheProcessorTimeAmongTheTokens() {
        Cost cost = round(100, 60, 10_400).cost();

        assertThat(cost.perThousandTokens(Tier::isParley)).isEqualTo(0.3 / 0.201, within(1e-9));
        assertThat(cost.perThousandTokens(Tier.MODEL::equals)).isEqualTo(0.4 / 0.201, within(1e-9));
        assertThat(cost.perThousandTokens(Tier.LOAD::equals)).isZero();
        assertThat(cost.figures()).hasSameSizeAs(Cost.columns()).contains(0.1 / 0.201, 0.4 / 0.201);
    }

    private static Round round(int firstMillis, int gapMillis, int wholeMillis) {
        return new Round(
                sample(firstMillis),
                sample(gapMillis),
                sample(wholeMillis),
                Map.of(Tier.NGINX, 0.1, Tier.REDIS, 0.2, Tier.MODEL, 0.4),
                REPLY);
    }

    private static Sample sample(int millis) {
        return Sample.of(List.of(Duration.ofMillis(millis)));
    }
}
