package chat.parley.conversation.history;

import chat.parley.events.Id;
import org.jspecify.annotations.Nullable;

/** What a person wants answered. */
public sealed interface Submission {
    ConversationName conversation();

    /** The message that is to be answered. */
    Id messageId();

    Id replyId();

    /**
     * A new message.
     *
     * @param parentId the assistant message that it follows, also one that is still to be written; null for a new root
     * @param model null for the conversation's own
     */
    record Send(
            ConversationName conversation,
            Id messageId,
            @Nullable Id parentId,
            String text,
            Id replyId,
            @Nullable String model)
            implements Submission {}

    /** Another reply to a message. */
    record Regenerate(ConversationName conversation, Id messageId, Id replyId) implements Submission {}
}
