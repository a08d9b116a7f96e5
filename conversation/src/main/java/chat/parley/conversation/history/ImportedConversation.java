package chat.parley.conversation.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that comes from a file.
 *
 * @param title empty to take the first words of its first message
 * @param model the model chosen for it; absent for the default
 * @param systemPrompt absent for none
 * @param messages at least one, in the order in which they are shown, each after the one that it follows
 */
public record ImportedConversation(
        ConversationName name,
        String title,
        Instant createdAt,
        Instant updatedAt,
        boolean pinned,
        @Nullable String model,
        @Nullable String systemPrompt,
        List<ImportedMessage> messages) {
    public ImportedConversation {
        messages = List.copyOf(messages);
    }
}
