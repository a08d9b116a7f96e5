package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

    @Test
    void readsSecondsAndMilliseconds() {
        assertThat(read("Retry-After", "7")).isEqualTo(Duration.ofSeconds(7));
        assertThat(read("Retry-After", " 0.5 ")).isEqualTo(Duration.ofMillis(500));
        assertThat(read("retry-after-ms", "1234")).isEqualTo(Duration.ofMillis(1234));
    }

    @Test
    void readsADate() {
        assertThat(read("Retry-After", "Sun, 22 Nov 2026 08:01:30 GMT")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void waitsNoLongerThanAnHour() {
        assertThat(read("Retry-After", "999999")).isEqualTo(Duration.ofHours(1));
        assertThat(read("Retry-After", "Sun, 22 Nov 2099 08:00:00 GMT")).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void makesNothingOfATimeThatIsOver() {
        assertThat(read("Retry-After", "Sun, 22 Nov 2026 07:00:00 GMT")).isNull();
        assertThat(read("Retry-After", "0")).isNull();
        assertThat(read("retry-after-ms", "0")).isNull();
    }

    @Test
    void makesNothingOfNonsense() {
        assertThat(read("Retry-After", "soon")).isNull();
        assertThat(read("Retry-After", "-3")).isNull();
        assertThat(read("X-Other", "3")).isNull();
    }

    private static Duration read(String name, String value) {
        return RetryAfter.read(header -> Map.of(name, List.of(value)).getOrDefault(header, List.of()), NOW);
    }
}
