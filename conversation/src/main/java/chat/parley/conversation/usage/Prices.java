package chat.parley.conversation.usage;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The operator's prices. */
@Component
public class Prices {
    private final Map<String, Price> byModel;
    private final String currency;

    Prices(PriceProperties properties) {
        this.byModel = properties.byModel();
        this.currency = properties.currency();
    }

    /** The price of a model; empty where none is known. */
    public Optional<Price> of(@Nullable String model) {
        return Optional.ofNullable(model == null ? null : byModel.get(model));
    }

    boolean isEmpty() {
        return byModel.isEmpty();
    }

    /** ISO 4217. */
    String currency() {
        return currency;
    }
}
