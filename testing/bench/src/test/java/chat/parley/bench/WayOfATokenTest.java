package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import chat.parley.bench.WayOfAToken.Leg;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WayOfATokenTest {
    @Test
    void isSoManyTimesItsFloors() {
        WayOfAToken way = new WayOfAToken(Map.of(
                Leg.DIRECT, millis(2),
                Leg.THROUGH, millis(24),
                Leg.NGINX, millis(3),
                Leg.PUBLISH, millis(2),
                Leg.SCRIPT, millis(1),
                Leg.ECHO, millis(4)));

        assertThat(way.added()).isEqualTo(22, within(1e-9));
        assertThat(way.sumOfFloors()).isEqualTo(1 + 2 * 2 + 2 * 1 + 4, within(1e-9));
        assertThat(way.ratio()).isEqualTo(2, within(1e-9));
    }

    @Test
    void needsEveryLeg() {
        WayOfAToken way = new WayOfAToken(Map.of(Leg.DIRECT, millis(2)));

        assertThatIllegalStateException().isThrownBy(way::added).withMessageContaining("THROUGH");
    }

    private static Sample millis(int millis) {
        return Sample.of(List.of(Duration.ofMillis(millis)));
    }
}
