package chat.parley.conversation.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PricePropertiesTest {
    private static final String MINI = "{\"gpt-5-mini\":{\"prompt\":0.25,\"completion\":2.0}}";

    private static PriceProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("parley.prices", PriceProperties.class);
    }

    @Test
    void hasTheseDefaults() {
        assertThat(bind(Map.of())).isEqualTo(new PriceProperties("", "USD"));
        assertThat(bind(Map.of()).byModel()).isEmpty();
        assertThat(bind(Map.of("parley.prices.models", " ", "parley.prices.currency", "")))
                .isEqualTo(new PriceProperties("", "USD"));
    }

    @Test
    void isSetByTheseNames() {
        PriceProperties set = bind(Map.of("parley.prices.models", MINI, "parley.prices.currency", "eur"));

        assertThat(set.byModel())
                .isEqualTo(Map.of("gpt-5-mini", new Price(new BigDecimal("0.25"), new BigDecimal("2.0"), "EUR")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "1",
                "{} {}",
                "{\"m\":1}",
                "{\"m\":{}}",
                "{\"m\":{\"prompt\":1}}",
                "{\"m\":{\"prompt\":1,\"completion\":\"2\"}}",
                "{\"m\":{\"prompt\":-1,\"completion\":2}}",
                "{\"m\":{\"prompt\":1,\"completion\":2,\"cached\":3}}",
                "{\"m\":{\"prompt\":1,\"completion\":1e99999}}",
                "{\"m\":{\"prompt\":1,\"completion\":1e-99999}}",
                "{\"m\":{\"prompt\":1,\"completion\":2},\"m\":{\"prompt\":1,\"completion\":2}}"
            })
    void refusesWhatIsNoListOfPricesAndSaysHowOneLooks(String models) {
        assertThatThrownBy(() -> bind(Map.of("parley.prices.models", models)))
                .rootCause()
                .hasMessageContaining("MODEL_PRICES")
                .hasMessageContaining("{\"gpt-5-mini\":{\"prompt\":0.25,\"completion\":2.0}}");
    }

    @Test
    void refusesWhatIsNoCurrency() {
        assertThatThrownBy(() -> bind(Map.of("parley.prices.currency", "Taler")))
                .hasStackTraceContaining("PRICE_CURRENCY is TALER, and should be a currency of ISO 4217");
    }
}
