package chat.parley.conversation.live;

import chat.parley.conversation.history.RawJson;
import chat.parley.events.Id;
import org.jspecify.annotations.Nullable;

/** What a client asks. */
sealed interface ClientFrame {
    /** The client's own id of this request, as it wrote it; comes back as {@code re}. */
    RawJson id();

    /**
     * Wants a conversation's events.
     *
     * @param after the cursor that they go on from; absent to begin with a snapshot. Any text: one that is no cursor is
     *     a position that is not in the log
     * @param limit how many of the newest messages a snapshot has; absent for all
     */
    record Subscribe(
            RawJson id,
            Id conversationId,
            @Nullable String after,
            @Nullable Integer limit) implements ClientFrame {}

    record Unsubscribe(RawJson id, Id conversationId) implements ClientFrame {}

    /**
     * Wants an answer to a new message.
     *
     * @param parentId null for a new root
     */
    record Send(
            RawJson id,
            Id conversationId,
            Id messageId,
            @Nullable Id parentId,
            String text,
            @Nullable String model,
            @Nullable Id replyId)
            implements ClientFrame {}

    /** Wants another answer to a message. */
    record Regenerate(RawJson id, Id conversationId, Id messageId, Id replyId) implements ClientFrame {}

    /** Wants a reply stopped. */
    record Cancel(RawJson id, Id conversationId, Id replyId) implements ClientFrame {}

    record Ping(RawJson id) implements ClientFrame {}
}
