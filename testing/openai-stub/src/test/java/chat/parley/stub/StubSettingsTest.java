package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StubSettingsTest {
    @Test
    void listensOnTheLoopbackAddressInTestModeByDefault() {
        StubSettings settings = StubSettings.from(Map.of());

        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(9090);
        assertThat(settings.mode()).isEqualTo(Mode.TEST);
        assertThat(settings.apiKey()).isNull();
        assertThat(settings.behavior().describe()).isEmpty();
    }

    @Test
    void readsEveryVariable() {
        StubSettings settings = StubSettings.from(Map.of(
                "STUB_HOST", "0.0.0.0",
                "STUB_PORT", "9091",
                "STUB_MODE", "demo",
                "STUB_API_KEY", "sk-x",
                "STUB_RATE", "20",
                "STUB_DELAY", "50ms",
                "STUB_TOKENS", "200",
                "STUB_BEHAVIOR", "fail=429 times=1"));

        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(9091);
        assertThat(settings.mode()).isEqualTo(Mode.DEMO);
        assertThat(settings.apiKey()).isEqualTo("sk-x");
        assertThat(settings.behavior().describe())
                .isEqualTo(Map.of("rate", 20.0, "delay", "50ms", "tokens", 200, "fail", "429", "times", 1));
    }

    @Test
    void letsArgumentsWin() {
        StubSettings settings = StubSettings.from(Map.of("STUB_PORT", "1", "STUB_API_KEY", ""), "--demo", "--port=2");

        assertThat(settings.port()).isEqualTo(2);
        assertThat(settings.mode()).isEqualTo(Mode.DEMO);
        assertThat(settings.apiKey()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"--port=x, PORT", "--port=70000, PORT", "--mode=x, MODE", "--rate=x, RATE", "--speed=1, --speed", "x, x"
    })
    void namesWhatItCannotUse(String argument, String named) {
        assertThatThrownBy(() -> StubSettings.from(Map.of(), argument))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }
}
