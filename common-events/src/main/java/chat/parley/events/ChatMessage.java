package chat.parley.events;

import java.util.Objects;

/**
 * One message of the history that goes to the model.
 *
 * @param text any text, also empty
 */
public record ChatMessage(Role role, String text) {
    public ChatMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(text, "text");
    }
}
