package chat.parley.conversation.usage;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.usage.ConversationUsage.Item;
import chat.parley.conversation.usage.ConversationUsage.Reply;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversationUsageTest {
    private static final Prices PRICES =
            new Prices(new PriceProperties("{\"a\":{\"prompt\":0.1,\"completion\":0.2}}", "EUR"));

    @Test
    void addsUpByModelAndInAll() {
        ConversationUsage usage = ConversationUsage.of(
                List.of(new Reply("b", 5, 7), new Reply("a", 1, 1), new Reply("a", 2, 0), new Reply("", 1, 1)), PRICES);

        assertThat(usage.items())
                .containsExactly(
                        new Item(null, 1, 1, 1, null),
                        new Item("a", 2, 3, 1, new BigDecimal("0.0000005")),
                        new Item("b", 1, 5, 7, null));
        assertThat(usage.replies()).isEqualTo(4);
        assertThat(usage.promptTokens()).isEqualTo(9);
        assertThat(usage.completionTokens()).isEqualTo(9);
        assertThat(usage.cost()).isEqualTo(new BigDecimal("0.0000005"));
        assertThat(usage.currency()).isEqualTo("EUR");
        assertThat(usage.unpriced()).isEqualTo(2);
    }

    /** As floating point numbers ten times 0.1 would be a little less than 1. */
    @Test
    void isExact() {
        ConversationUsage usage = ConversationUsage.of(Collections.nCopies(10, new Reply("a", 1_000_000, 0)), PRICES);

        assertThat(usage.cost()).isEqualByComparingTo("1");
        assertThat(usage.unpriced()).isNull();
    }

    @Test
    void hasNoCostWithoutPrices() {
        ConversationUsage usage =
                ConversationUsage.of(List.of(new Reply("a", 1, 1)), new Prices(new PriceProperties("", "USD")));

        assertThat(usage)
                .isEqualTo(new ConversationUsage(List.of(new Item("a", 1, 1, 1, null)), 1, 1, 1, null, null, null));
    }
}
