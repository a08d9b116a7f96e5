package chat.parley.e2e.client;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a person or the model said; never changes once it is there. */
public record Message(
        String id,
        @Nullable String parentId,
        Role role,
        String text,
        Status status,
        Instant createdAt,
        @Nullable String replyId,
        @Nullable String model,
        @Nullable JsonNode usage,
        @Nullable JsonNode error) {

    /** Whose words these are. */
    public enum Role {
        USER,
        ASSISTANT
    }

    /** How it ended; a person's message is always complete. */
    public enum Status {
        COMPLETE,
        FAILED,
        CANCELLED
    }

    static Message of(JsonNode json) {
        Message message = new Message(
                Json.text(json, "id"),
                Json.textOrNull(json, "parentId"),
                oneOf(Role.class, json, "role"),
                Json.text(json, "text"),
                oneOf(Status.class, json, "status"),
                Json.time(json, "createdAt"),
                Json.textOrNull(json, "replyId"),
                Json.textOrNull(json, "model"),
                json.get("usage"),
                json.get("error"));
        message.check(json);
        return message;
    }

    private void check(JsonNode json) {
        if (!json.has("parentId")) {
            throw new ProtocolViolation("No \"parentId\" in " + json);
        }
        if (role == Role.USER && status != Status.COMPLETE) {
            throw new ProtocolViolation("A user's message that is not complete: " + json);
        }
        if (role == Role.ASSISTANT && !id.equals(replyId)) {
            throw new ProtocolViolation("An assistant's message without its replyId: " + json);
        }
        if (error != null) {
            Json.text(error, "code");
            Json.text(error, "message");
            Json.flag(error, "retryable");
        }
        if (usage != null) {
            Json.number(usage, "promptTokens");
            Json.number(usage, "completionTokens");
        }
    }

    static <E extends Enum<E>> E oneOf(Class<E> type, JsonNode json, String member) {
        String value = Json.text(json, member);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(value)) {
                return constant;
            }
        }
        throw new ProtocolViolation("Unknown \"" + member + "\" in " + json);
    }
}
