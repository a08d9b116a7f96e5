package chat.parley.conversation.usage;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the models cost.
 *
 * @param models JSON, for each model {@code {"prompt":…,"completion":…}} for a million tokens ({@code MODEL_PRICES});
 *     blank for no prices
 * @param currency of the prices, ISO 4217 ({@code PRICE_CURRENCY})
 */
@Validated
@ConfigurationProperties("parley.prices")
record PriceProperties(
        @DefaultValue("") String models,
        @DefaultValue("USD") String currency) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Collection<String> MEMBERS = List.of("prompt", "completion");
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(1_000_000);
    private static final int MOST_DECIMALS = 12;

    PriceProperties {
        models = models.strip();
        currency = currency.isBlank() ? "USD" : currency.strip().toUpperCase(Locale.ROOT);
        try {
            Currency.getInstance(currency);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "PRICE_CURRENCY is " + currency + ", and should be a currency of ISO 4217, as USD or EUR", e);
        }
        parse(models, currency);
    }

    /** The price of each model that has one. */
    Map<String, Price> byModel() {
        return parse(models, currency);
    }

    private static Map<String, Price> parse(String models, String currency) {
        Map<String, Price> prices = new HashMap<>();
        if (models.isEmpty()) {
            return prices;
        }
        JsonNode json;
        try {
            json = JSON.readTree(models);
        } catch (JacksonException e) {
            throw wrong("is no JSON");
        }
        if (!json.isObject()) {
            throw wrong("has no object of models");
        }
        json.forEachEntry((model, price) -> prices.put(
                model, new Price(number(model, price, "prompt"), number(model, price, "completion"), currency)));
        return prices;
    }

    private static BigDecimal number(String model, JsonNode price, String member) {
        if (!price.isObject() || !MEMBERS.containsAll(price.propertyNames())) {
            throw wrong("has something else than \"prompt\" and \"completion\" for " + model);
        }
        JsonNode value = price.path(member);
        if (!value.isNumber()) {
            throw wrong("has no number as \"" + member + "\" of " + model);
        }
        BigDecimal number = value.decimalValue();
        if (number.signum() < 0 || number.compareTo(HIGHEST) > 0 || number.scale() > MOST_DECIMALS) {
            throw wrong("has a \"" + member + "\" of " + model + " that is not from 0 to 1000000 with at most "
                    + MOST_DECIMALS + " decimals");
        }
        return number;
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("MODEL_PRICES " + what
                + "; it should be like {\"gpt-5-mini\":{\"prompt\":0.25,\"completion\":2.0}}, for a million tokens");
    }
}
