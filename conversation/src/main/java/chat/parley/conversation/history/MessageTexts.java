package chat.parley.conversation.history;

import chat.parley.events.Id;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * What a search looks through: the texts of a user's messages, and what tells that there are others. Every method
 * throws {@link RefusedException} with UNAVAILABLE if Redis gave no answer in time.
 */
@Component
public class MessageTexts {
    private final Redis redis;
    private final ConversationList list;
    private final ConversationReader reader;
    private final MessageJson json;

    MessageTexts(Redis redis, ConversationList list, ConversationReader reader, MessageJson json) {
        this.redis = redis;
        this.list = list;
        this.reader = reader;
        this.json = json;
    }

    /**
     * A conversation as it stands.
     *
     * @param newest the position of its newest event: as long as it is the same, so are all messages
     */
    public record Head(ConversationName name, Cursor newest, String title) {}

    /** A message as it is stored; it never changes. */
    public record Text(Id messageId, Instant createdAt, String text) {}

    /** All of a user's conversations, pinned first, then newest first. Reads no message. */
    public List<Head> heads(Id userId) {
        List<ConversationName> names = list.names(userId);
        List<CompletionStage<List<KeyValue<String, String>>>> metas = new ArrayList<>(names.size());
        for (ConversationName name : names) {
            metas.add(redis.commands().hmget(Keys.meta(name), "seq", "h", "title"));
        }
        List<List<KeyValue<String, String>>> read = redis.awaitAll(metas);
        List<Head> heads = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            List<KeyValue<String, String>> meta = read.get(i);
            // Deleted since its name was read.
            if (!meta.getFirst().hasValue()) {
                continue;
            }
            long seq = Long.parseLong(meta.getFirst().getValue());
            heads.add(new Head(
                    names.get(i),
                    new Cursor(seq, meta.get(1).getValueOrElse("0")),
                    meta.get(2).getValueOrElse("")));
        }
        return heads;
    }

    /**
     * Whether a conversation has all events up to a position, so that only what came after it is new. It has not if the
     * store came back older, or the log was trimmed meanwhile.
     */
    public boolean continues(ConversationName name, Cursor position) {
        return reader.read(name, position, 0).isPresent();
    }

    /** The messages that were stored after an event, newest first; 0 for all. */
    public List<Id> after(ConversationName name, long seq) {
        Range<Long> later = Range.from(Boundary.excluding(seq), Boundary.unbounded());
        return redis.await(redis.commands().zrevrangebyscore(Keys.order(name), later)).stream()
                .map(Id::new)
                .toList();
    }

    /** All messages of some conversations, of each the newest first. */
    public List<List<Id>> all(List<ConversationName> names) {
        List<CompletionStage<List<String>>> orders = new ArrayList<>(names.size());
        for (ConversationName name : names) {
            orders.add(redis.commands().zrevrange(Keys.order(name), 0, -1));
        }
        return redis.awaitAll(orders).stream()
                .map(ids -> ids.stream().map(Id::new).toList())
                .toList();
    }

    /** Reads messages in this order; what has been deleted meanwhile is left out. */
    public List<Text> read(ConversationName name, List<Id> ids) {
        return reader.messages(name, ids.stream().map(Id::value).toList()).stream()
                .map(this::text)
                .toList();
    }

    private Text text(String stored) {
        JsonNode message = json.parse(stored);
        return new Text(
                new Id(message.path("id").asString()),
                Instant.parse(message.path("createdAt").asString("1970-01-01T00:00:00Z")),
                message.path("text").asString());
    }
}
