package chat.parley.conversation.usage;

import java.math.BigDecimal;

/**
 * What a model costs, for a million tokens.
 *
 * @param prompt of what the model is given
 * @param completion of what it writes
 * @param currency ISO 4217
 */
public record Price(BigDecimal prompt, BigDecimal completion, String currency) {
    /** Of how many tokens a price is. */
    private static final int POWER_OF_TEN = 6;

    /** What so many tokens cost, exactly. */
    BigDecimal of(long promptTokens, long completionTokens) {
        return prompt.multiply(BigDecimal.valueOf(promptTokens))
                .add(completion.multiply(BigDecimal.valueOf(completionTokens)))
                .movePointLeft(POWER_OF_TEN);
    }
}
