package chat.parley.conversation.usage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all replies of a conversation used, in all versions, also those that failed or were stopped, as far as the
 * model's provider said it.
 *
 * @param items by model, in the order of their names
 * @param cost of all replies whose model has a price; absent where none has
 * @param currency of the costs, ISO 4217; absent without a cost
 * @param unpriced replies whose model has no price; absent if there is none, and where no model has one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConversationUsage(
        List<Item> items,
        long replies,
        long promptTokens,
        long completionTokens,
        @Nullable BigDecimal cost,
        @Nullable String currency,
        @Nullable Long unpriced) {
    public ConversationUsage {
        items = List.copyOf(items);
    }

    /**
     * What the replies of one model used.
     *
     * @param model absent where it is not known: of what came from a file
     * @param cost absent if the model has no price
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            @Nullable String model,
            long replies,
            long promptTokens,
            long completionTokens,
            @Nullable BigDecimal cost) {}

    /**
     * What one reply used.
     *
     * @param model empty where it is not known
     */
    record Reply(String model, long promptTokens, long completionTokens) {}

    static ConversationUsage of(List<Reply> replies, Prices prices) {
        Map<String, List<Reply>> byModel = new TreeMap<>();
        for (Reply reply : replies) {
            byModel.computeIfAbsent(reply.model(), _ -> new ArrayList<>()).add(reply);
        }
        List<Item> items = new ArrayList<>();
        byModel.forEach((model, of) -> items.add(item(model, of, prices)));
        Optional<BigDecimal> cost =
                items.stream().map(Item::cost).filter(Objects::nonNull).reduce(BigDecimal::add);
        long unpriced = items.stream()
                .filter(item -> item.cost() == null)
                .mapToLong(Item::replies)
                .sum();
        return new ConversationUsage(
                items,
                replies.size(),
                items.stream().mapToLong(Item::promptTokens).sum(),
                items.stream().mapToLong(Item::completionTokens).sum(),
                cost.orElse(null),
                cost.isPresent() ? prices.currency() : null,
                prices.isEmpty() || unpriced == 0 ? null : unpriced);
    }

    private static Item item(String model, List<Reply> replies, Prices prices) {
        long prompt = replies.stream().mapToLong(Reply::promptTokens).sum();
        long completion = replies.stream().mapToLong(Reply::completionTokens).sum();
        return new Item(
                model.isEmpty() ? null : model,
                replies.size(),
                prompt,
                completion,
                prices.of(model).map(price -> price.of(prompt, completion)).orElse(null));
    }
}
