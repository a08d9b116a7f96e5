package chat.parley.conversation.usage;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.ConversationStore;
import chat.parley.conversation.history.RawJson;
import chat.parley.conversation.history.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Adds up what the replies of a conversation used, from its messages. */
@Component
public class UsageReader {
    private final ConversationReader reader;
    private final Prices prices;
    private final JsonMapper json;

    UsageReader(ConversationReader reader, Prices prices, JsonMapper json) {
        this.reader = reader;
        this.prices = prices;
        this.json = json;
    }

    /**
     * Reads all messages of a conversation.
     *
     * @throws chat.parley.conversation.history.RefusedException NOT_FOUND if there is no such conversation; UNAVAILABLE
     *     if Redis gave no answer in time
     */
    public ConversationUsage of(ConversationName name) {
        Snapshot snapshot = reader.snapshot(name, null);
        if (snapshot.conversation() == null) {
            throw ConversationStore.notFound();
        }
        List<ConversationUsage.Reply> replies = new ArrayList<>();
        for (RawJson message : snapshot.messages()) {
            JsonNode parsed = json.readTree(message.json());
            JsonNode usage = parsed.path("usage");
            if (usage.isObject()) {
                replies.add(new ConversationUsage.Reply(
                        parsed.path("model").asString(""),
                        usage.path("promptTokens").asLong(0),
                        usage.path("completionTokens").asLong(0)));
            }
        }
        return ConversationUsage.of(replies, prices);
    }
}
