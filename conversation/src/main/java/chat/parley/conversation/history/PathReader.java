package chat.parley.conversation.history;

import chat.parley.conversation.history.MessageJson.Step;
import chat.parley.conversation.history.Redis.Call;
import chat.parley.events.ChatMessage;
import chat.parley.events.Id;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what a request for a reply carries. */
@Component
public class PathReader {
    /** How many of the newest messages are read at once: one path is mostly among them. */
    private static final int PIECE = 64;
    /** How many bytes of messages come with the rest: a script that returns more holds up others. */
    private static final int PIECE_BYTES = 64 * 1024;

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
     * Reads the path to a reply's question, mostly in one script. Messages never change, so this may happen at any
     * time.
     *
     * @param mostBytes most UTF-8 bytes of text; the oldest messages are left out, the question never
     * @return empty if the reply has ended or its conversation is gone
     */
    public Optional<Context> context(Offer.Entry entry, int mostBytes) {
        ConversationName name = ConversationName.of(entry.reply());
        List<Object> answer =
                redis.list(new Call(Script.CONTEXT, name, entry.reply().replyId(), PIECE, PIECE_BYTES));
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        JsonNode open = mapper.readTree((String) answer.get(0));
        Messages messages = new Messages(
                name, ConversationReader.strings(answer.get(4)), ConversationReader.strings(answer.get(5)));
        List<ChatMessage> path = path(messages, open.path("parent").asString(), mostBytes);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Context(
                open.path("asked").asString((String) answer.get(1)),
                (String) answer.get(2),
                path,
                "words".equals(answer.get(3))));
    }

    private static List<ChatMessage> path(Messages messages, String questionId, int mostBytes) {
        List<ChatMessage> path = new ArrayList<>();
        long bytes = 0;
        // Each only once, whatever is stored: a circle would never end.
        Set<String> seen = new HashSet<>();
        @Nullable Step step = messages.find(questionId);
        while (step != null && seen.add(step.id())) {
            bytes += step.message().text().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > mostBytes && !path.isEmpty()) {
                break;
            }
            path.add(step.message());
            Id parent = step.parentId();
            step = parent == null ? null : messages.find(parent.value());
        }
        Collections.reverse(path);
        return path;
    }

    /** The messages of a conversation, read from the newest back as far as is asked for. */
    private final class Messages {
        private final ConversationName name;
        private final Map<String, Step> read = new HashMap<>();
        /** Newest first. */
        private List<String> unread;
        /** Where among all messages the next piece begins; negative if there is none. */
        private int next;

        Messages(ConversationName name, List<String> newest, List<String> stored) {
            this.name = name;
            this.unread = newest.subList(stored.size(), newest.size());
            this.next = newest.size() < PIECE ? -1 : PIECE;
            add(stored);
        }

        @Nullable
        Step find(String id) {
            while (!read.containsKey(id) && (!unread.isEmpty() || next >= 0)) {
                if (unread.isEmpty()) {
                    unread = redis.await(redis.commands().zrevrange(Keys.order(name), next, next + PIECE - 1));
                    next = unread.size() < PIECE ? -1 : next + PIECE;
                }
                add(reader.messages(name, unread));
                unread = List.of();
            }
            return read.get(id);
        }

        private void add(List<String> stored) {
            for (String message : stored) {
                Step step = json.step(message);
                read.put(step.id(), step);
            }
        }
    }
}
