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
import java.util.concurrent.CompletionStage;
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
        // Started together, so that the way to Redis is gone once.
        var reply = redis.commands()
                .hget(Keys.replies(name), entry.reply().replyId().value());
        var stored = redis.commands().hgetall(Keys.meta(name));
        var newest = newest(name, 0);
        String state = redis.await(reply);
        Map<String, String> meta = redis.await(stored);
        if (state == null || meta.isEmpty()) {
            return Optional.empty();
        }
        JsonNode open = mapper.readTree(state);
        List<ChatMessage> path = path(name, open.path("parent").asString(), redis.await(newest), mostBytes);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        String model = meta.getOrDefault("model", "");
        return Optional.of(new Context(
                open.path("asked").asString(model),
                meta.getOrDefault("systemPrompt", ""),
                path,
                "words".equals(meta.get("titleBy"))));
    }

    private CompletionStage<List<String>> newest(ConversationName name, long from) {
        return redis.commands().zrevrange(Keys.order(name), from, from + PIECE - 1);
    }

    private List<ChatMessage> path(ConversationName name, String questionId, List<String> newestFirst, int mostBytes) {
        List<String> ids = newestFirst;
        Map<String, Step> read = new HashMap<>();
        List<ChatMessage> path = new ArrayList<>();
        int at = 0;
        long bytes = 0;
        String id = questionId;
        while (true) {
            while (!read.containsKey(id) && !ids.isEmpty()) {
                for (String message : reader.messages(name, ids)) {
                    Step step = json.step(message);
                    read.put(step.id(), step);
                }
                at += ids.size();
                ids = ids.size() < PIECE ? List.of() : redis.await(newest(name, at));
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
