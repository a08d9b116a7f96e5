package chat.parley.conversation.history;

import chat.parley.conversation.history.Redis.Call;
import chat.parley.events.Id;
import io.lettuce.core.KeyValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads one conversation. Every method throws {@link RefusedException} with UNAVAILABLE if Redis gave no answer in
 * time.
 */
@Component
public class ConversationReader {
    /** How many messages are read at once, so that no answer of Redis holds up others. */
    private static final int PIECE = 100;

    private final Redis redis;
    private final MessageJson json;

    ConversationReader(Redis redis, MessageJson json) {
        this.redis = redis;
        this.json = json;
    }

    /**
     * What came after a position.
     *
     * @param newest the position of the newest event
     * @param entries oldest first, without gaps, at most as many as were asked for
     */
    public record Page(Cursor newest, List<LogEntry> entries) {}

    /** A page of messages, newest first. */
    public record Messages(List<RawJson> items, boolean more) {}

    /**
     * Reads a conversation as it is now; one that does not exist is empty, with seq 0.
     *
     * @param limit how many of the newest messages; absent for all
     */
    public Snapshot snapshot(ConversationName name, @Nullable Integer limit) {
        List<Object> answer = redis.list(new Call(Script.SNAPSHOT, name, limit == null ? -1 : limit));
        long seq = (Long) answer.get(0);
        Map<String, String> meta = pairs(strings(answer.get(2)));
        List<OpenReply> replies = new ArrayList<>();
        for (String reply : strings(answer.get(5))) {
            replies.add(json.openReply(reply, replies.isEmpty() ? (String) answer.get(6) : ""));
        }
        List<RawJson> messages = messages(name, strings(answer.get(3))).stream()
                .map(MessageJson::raw)
                .toList();
        return new Snapshot(
                conversation(name.conversationId(), meta),
                seq,
                new Cursor(seq, (String) answer.get(1)),
                messages,
                replies,
                (Long) answer.get(4) == 1);
    }

    /**
     * Reads the log after a position.
     *
     * @param most most entries to return, from 0; with 0 only the position is checked
     * @return empty if the position is not of this log, or not all that came after it is still there
     */
    public Optional<Page> read(ConversationName name, Cursor after, int most) {
        List<Object> answer = redis.list(new Call(Script.READ, name, after.seq(), after.mark(), most));
        if ((Long) answer.get(0) == 0) {
            return Optional.empty();
        }
        List<LogEntry> entries = new ArrayList<>();
        for (Object entry : (List<?>) answer.get(3)) {
            List<?> parts = (List<?>) entry;
            Map<String, String> fields = pairs(strings(parts.get(1)));
            String id = (String) parts.get(0);
            long seq = Long.parseLong(id.substring(0, id.indexOf('-')));
            entries.add(new LogEntry(
                    new Cursor(seq, fields.getOrDefault("h", "")),
                    Instant.ofEpochMilli(Long.parseLong(fields.getOrDefault("at", "0"))),
                    fields.getOrDefault("e", "{}")));
        }
        return Optional.of(new Page(new Cursor((Long) answer.get(1), (String) answer.get(2)), entries));
    }

    /**
     * Reads the line that the owner's list shows.
     *
     * @throws RefusedException NOT_FOUND if there is none
     */
    public Conversation conversation(ConversationName name) {
        return find(name).orElseThrow(ConversationStore::notFound);
    }

    /** Reads the line that the owner's list shows; empty if there is none. */
    public Optional<Conversation> find(ConversationName name) {
        Map<String, String> meta = redis.await(redis.commands().hgetall(Keys.meta(name)));
        return Optional.ofNullable(conversation(name.conversationId(), meta));
    }

    /** Whether there was a conversation of that name and it was deleted. */
    public boolean deleted(ConversationName name) {
        return redis.await(redis.commands().exists(Keys.gone(name))) == 1;
    }

    /**
     * Reads older messages.
     *
     * @param before the id of the oldest message that is known; absent for the newest
     * @param limit from 1
     * @throws RefusedException NOT_FOUND if the conversation, or the message in it, does not exist
     */
    public Messages messages(ConversationName name, @Nullable Id before, int limit) {
        conversation(name);
        long from = 0;
        if (before != null) {
            Long rank = redis.await(redis.commands().zrevrank(Keys.order(name), before.value()));
            if (rank == null) {
                throw ConversationStore.notFound();
            }
            from = rank + 1;
        }
        List<String> ids = redis.await(redis.commands().zrevrange(Keys.order(name), from, from + limit));
        List<RawJson> items = messages(name, ids.subList(0, Math.min(limit, ids.size()))).stream()
                .map(MessageJson::raw)
                .toList();
        return new Messages(items, ids.size() > limit);
    }

    /** Reads stored messages in this order; what has been deleted meanwhile is left out. */
    List<String> messages(ConversationName name, List<String> ids) {
        List<CompletionStage<List<KeyValue<String, String>>>> pieces = new ArrayList<>();
        for (int at = 0; at < ids.size(); at += PIECE) {
            List<String> piece = ids.subList(at, Math.min(ids.size(), at + PIECE));
            pieces.add(redis.commands().hmget(Keys.messages(name), piece.toArray(String[]::new)));
        }
        return redis.<List<KeyValue<String, String>>>awaitAll(pieces).stream()
                .flatMap(List::stream)
                .filter(KeyValue::hasValue)
                .map(KeyValue::getValue)
                .toList();
    }

    static @Nullable Conversation conversation(Id id, Map<String, String> meta) {
        if (meta.isEmpty()) {
            return null;
        }
        Instant created = Instant.parse(meta.getOrDefault("createdAt", "1970-01-01T00:00:00Z"));
        String updated = meta.get("updatedAt");
        String open = meta.getOrDefault("open", "");
        return new Conversation(
                id,
                meta.getOrDefault("title", ""),
                created,
                updated == null ? created : Instant.parse(updated),
                "1".equals(meta.get("pinned")),
                open.isEmpty() ? null : new Id(open),
                emptyToNull(meta.get("model")),
                emptyToNull(meta.get("systemPrompt")));
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    static List<String> strings(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private static Map<String, String> pairs(List<String> flat) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            pairs.put(flat.get(i), flat.get(i + 1));
        }
        return pairs;
    }
}
