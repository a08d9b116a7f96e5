package chat.parley.conversation.api;

import chat.parley.conversation.reply.AssistantStatus;
import chat.parley.conversation.usage.Price;
import chat.parley.conversation.usage.Prices;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The models that may be asked; none while no worker is known. */
@RestController
class ModelController {
    private final AssistantStatus assistant;
    private final Prices prices;

    ModelController(AssistantStatus assistant, Prices prices) {
        this.assistant = assistant;
        this.prices = prices;
    }

    /**
     * A model.
     *
     * @param demo true if it is the built-in demo model; absent otherwise
     * @param price absent if the operator has given none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Model(
            String id,
            @JsonProperty("default") boolean isDefault,
            @Nullable Boolean demo,
            @Nullable Price price) {}

    record Answer(List<Model> items) {}

    @GetMapping("/api/models")
    Answer models() {
        Boolean demo = assistant.current().demo() ? true : null;
        List<Model> items = new ArrayList<>();
        for (String id : assistant.models()) {
            items.add(new Model(id, items.isEmpty(), demo, prices.of(id).orElse(null)));
        }
        return new Answer(items);
    }
}
