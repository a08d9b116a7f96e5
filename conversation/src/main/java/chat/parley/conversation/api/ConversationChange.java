package chat.parley.conversation.api;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a person changes of a conversation; what is absent stays.
 *
 * @param model the empty text for the default
 * @param systemPrompt the empty text for none
 */
record ConversationChange(
        @Nullable String title,
        @Nullable Boolean pinned,
        @Nullable String model,
        @Nullable String systemPrompt) {

    /**
     * Reads and checks a change.
     *
     * @param models those that may be chosen; empty if none are known, then any may be
     * @throws RefusedException BAD_REQUEST if it can't be done, TOO_LARGE if a text is too long
     */
    static ConversationChange parse(JsonNode body, ApiProperties limits, List<String> models) {
        if (!body.isObject()) {
            throw bad("A change is a JSON object.");
        }
        return new ConversationChange(
                title(body.get("title"), limits.titleChars()),
                pinned(body.get("pinned")),
                model(body.get("model"), models),
                text("systemPrompt", body.get("systemPrompt"), limits.systemPromptChars()));
    }

    private static @Nullable String title(@Nullable JsonNode value, int most) {
        if (value == null) {
            return null;
        }
        String title = Optional.ofNullable(value.isNull() ? null : text("title", value, most))
                .orElse("")
                .strip();
        if (title.isEmpty()) {
            throw bad("A title has at least one character.");
        }
        return title;
    }

    private static @Nullable Boolean pinned(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw bad("pinned is true or false.");
        }
        return value.asBoolean();
    }

    private static @Nullable String model(@Nullable JsonNode value, List<String> models) {
        String model = text("model", value, 200);
        if (model != null && !model.isEmpty() && !models.isEmpty() && !models.contains(model)) {
            throw bad("There is no such model here.");
        }
        return model;
    }

    private static @Nullable String text(String name, @Nullable JsonNode value, int most) {
        if (value == null) {
            return null;
        }
        if (value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            throw bad(name + " is a text.");
        }
        String text = value.asString();
        if (text.length() > most) {
            throw new RefusedException(ErrorCode.TOO_LARGE, name + " has at most " + most + " characters.");
        }
        return text;
    }

    private static RefusedException bad(String message) {
        return new RefusedException(ErrorCode.BAD_REQUEST, message);
    }
}
