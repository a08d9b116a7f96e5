package chat.parley.conversation.history;

import chat.parley.conversation.history.MessageJson.Step;
import chat.parley.events.ChatMessage;
import chat.parley.events.Id;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what a request for a reply carries. */
@Component
public class PathReader {
    /** How many of the newest messages are read at once: one path is mostly among them. */
    private static final int PIECE = 64;

    private final Redis redis;
    private final ConversationReader reader;
    private final MessageJson json;
    private final JsonMapper mapper;

    PathReader(Redis redis, ConversationReader reader, MessageJson json, JsonMapper mapper) {
        this.redis = redis;
        this.reader = reader;
        this.json = json;
        this.mapper = mapper;
    }

    /**
     * The context of a reply, as it is when its turn has come.
     *
     * @param model the empty text for the default
     * @param systemPrompt the empty text for none
     * @param messages the path to the question, oldest first, the question last
     */
    public record Context(String model, String systemPrompt, List<ChatMessage> messages, boolean lacksTitle) {}

    /**
     * Reads the path to a reply's question. Messages never change, so this may happen at any time.
     *
     * @param mostBytes most UTF-8 bytes of text; the oldest messages are left out, the question never
     * @return empty if the reply has ended or its conversation is gone
     */
    public Optional<Context> context(Offer.Entry entry, int mostBytes) {
        ConversationName name = ConversationName.of(entry.reply());
        String reply = redis.await(redis.commands()
                .hget(Keys.replies(name), entry.reply().replyId().value()));
        Map<String, String> meta = redis.await(redis.commands().hgetall(Keys.meta(name)));
        if (reply == null || meta.isEmpty()) {
            return Optional.empty();
        }
        JsonNode state = mapper.readTree(reply);
        List<ChatMessage> path = path(name, state.path("parent").asString(), mostBytes);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        String model = meta.getOrDefault("model", "");
        return Optional.of(new Context(
                state.path("asked").asString(model),
                meta.getOrDefault("systemPrompt", ""),
                path,
                "words".equals(meta.get("titleBy"))));
    }

    private List<ChatMessage> path(ConversationName name, String questionId, int mostBytes) {
        List<String> newestFirst = redis.await(redis.commands().zrevrange(Keys.order(name), 0, -1));
        Map<String, Step> read = new HashMap<>();
        List<ChatMessage> path = new ArrayList<>();
        int at = 0;
        long bytes = 0;
        String id = questionId;
        while (true) {
            while (!read.containsKey(id) && at < newestFirst.size()) {
                List<String> piece = newestFirst.subList(at, Math.min(at + PIECE, newestFirst.size()));
                at += piece.size();
                for (String stored : reader.messages(name, piece)) {
                    read.put(json.parse(stored).path("id").asString(), json.step(stored));
                }
            }
            Step step = read.get(id);
            if (step == null) {
                break;
            }
            bytes += step.message().text().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > mostBytes && !path.isEmpty()) {
                break;
            }
            path.add(step.message());
            Id parent = step.parentId();
            if (parent == null) {
                break;
            }
            id = parent.value();
        }
        Collections.reverse(path);
        return path;
    }
}
