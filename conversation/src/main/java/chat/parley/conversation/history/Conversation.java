package chat.parley.conversation.history;

import chat.parley.events.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as its owner's list shows it.
 *
 * @param activeReplyId the reply that is being written or is next; absent if all have ended
 * @param model the model chosen for it; absent for the default
 * @param systemPrompt absent for none
 */
public record Conversation(
        Id id,
        String title,
        Instant createdAt,
        Instant updatedAt,
        boolean pinned,
        @Nullable Id activeReplyId,
        @Nullable String model,
        @Nullable String systemPrompt) {}
