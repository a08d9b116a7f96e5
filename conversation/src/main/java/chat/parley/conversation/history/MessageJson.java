package chat.parley.conversation.history;

import chat.parley.conversation.history.Submission.Send;
import chat.parley.events.ChatMessage;
import chat.parley.events.Id;
import chat.parley.events.Role;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The stored form of messages: the protocol's JSON, behind the seq of the {@code reply.queued} that belongs to it. */
@Component
class MessageJson {
    private final JsonMapper mapper;

    MessageJson(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * One message on the way from a reply to the root.
     *
     * @param parentId null at the root
     */
    record Step(String id, @Nullable Id parentId, ChatMessage message) {}

    String userMessage(Send send) {
        ObjectNode message = mapper.createObjectNode();
        message.put("id", send.messageId().value());
        message.put("parentId", send.parentId() == null ? null : send.parentId().value());
        message.put("role", "user");
        message.put("text", send.text());
        message.put("status", "complete");
        message.put("createdAt", Redis.now().toString());
        message.put("replyId", send.replyId().value());
        return mapper.writeValueAsString(message);
    }

    /** The protocol's JSON of a message that comes from a file. */
    String imported(ImportedMessage from) {
        ObjectNode message = mapper.createObjectNode();
        message.put("id", from.id().value());
        message.put("parentId", from.parentId() == null ? null : from.parentId().value());
        message.put("role", from.role() == Role.USER ? "user" : "assistant");
        message.put("text", from.text());
        message.put("status", from.status().json());
        message.put("createdAt", from.createdAt().toString());
        if (from.replyId() != null) {
            message.put("replyId", from.replyId().value());
        }
        if (from.model() != null) {
            message.put("model", from.model());
        }
        if (from.usage() != null) {
            message.putPOJO("usage", from.usage());
        }
        if (from.error() != null) {
            message.putPOJO("error", from.error());
        }
        return mapper.writeValueAsString(message);
    }

    /** The protocol's JSON of a stored message. */
    static RawJson raw(String stored) {
        return new RawJson(stored.substring(stored.indexOf('\n') + 1));
    }

    Step step(String stored) {
        JsonNode message = parse(stored);
        Role role = message.path("role").asString().equals("user") ? Role.USER : Role.ASSISTANT;
        Optional<String> parent = message.path("parentId").asStringOpt();
        return new Step(
                message.path("id").asString(),
                parent.map(Id::new).orElse(null),
                new ChatMessage(role, message.path("text").asString()));
    }

    JsonNode parse(String stored) {
        return mapper.readTree(raw(stored).json());
    }

    OpenReply openReply(String json, String textSoFar) {
        JsonNode r = mapper.readTree(json);
        String state = r.path("state").asString();
        Id id = new Id(r.path("id").asString());
        boolean streaming = state.equals("running");
        boolean retrying = !streaming && r.has("retryAt");
        return new OpenReply(
                id,
                id,
                new Id(r.path("parent").asString()),
                r.path("attempt").asInt(),
                streaming ? OpenReply.State.STREAMING : retrying ? OpenReply.State.RETRYING : OpenReply.State.QUEUED,
                textSoFar,
                emptyToNull(r.path("model").asString("")),
                retrying ? r.path("code").asString(null) : null,
                retrying ? r.path("cause").asString(null) : null,
                retrying ? Instant.ofEpochMilli(r.path("retryAt").asLong()) : null);
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
