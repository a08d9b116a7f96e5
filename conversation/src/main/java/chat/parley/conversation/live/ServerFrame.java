package chat.parley.conversation.live;

import chat.parley.conversation.history.Conversation;
import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.RawJson;
import chat.parley.conversation.history.Snapshot;
import chat.parley.conversation.reply.AssistantStatus;
import chat.parley.conversation.session.User;
import chat.parley.events.Id;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a client is told, except for events, which {@link EventFrame} writes. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
sealed interface ServerFrame {
    /** The first frame of each socket. */
    @JsonTypeName("welcome")
    record Welcome(String protocol, User user, Limits limits, AssistantStatus.Status assistant, Instant serverTime)
            implements ServerFrame {}

    /** What binds the client's frames. */
    record Limits(int messageChars, int frameBytes, int messagesPerMinute) {}

    /**
     * A message and the request for its reply are stored for good.
     *
     * @param seq of the {@code reply.queued}
     */
    @JsonTypeName("accepted")
    record Accepted(RawJson re, Id conversationId, Id messageId, Id replyId, long seq) implements ServerFrame {}

    /**
     * The events go on after this position.
     *
     * @param snapshot absent if {@code recovered}
     */
    @JsonTypeName("subscribed")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Subscribed(
            RawJson re,
            Id conversationId,
            long seq,
            Cursor cursor,
            boolean recovered,
            @Nullable Snapshot snapshot) implements ServerFrame {}

    /** A line of the owner's list is another now. */
    @JsonTypeName("conversation")
    record ConversationUpdated(String change, Conversation conversation) implements ServerFrame {
        ConversationUpdated(Conversation conversation) {
            this("updated", conversation);
        }
    }

    /** A line of the owner's list is gone. */
    @JsonTypeName("conversation")
    record ConversationDeleted(String change, OnlyId conversation) implements ServerFrame {
        ConversationDeleted(Id id) {
            this("deleted", new OnlyId(id));
        }
    }

    /** What is left of a deleted conversation. */
    record OnlyId(Id id) {}

    @JsonTypeName("status")
    record StatusChanged(AssistantStatus.Status assistant) implements ServerFrame {}

    /**
     * How long the line is before a reply that waits.
     *
     * @param ahead how many replies start before it, as far as is known
     */
    @JsonTypeName("queue")
    record Queued(Id conversationId, Id replyId, int ahead) implements ServerFrame {}

    @JsonTypeName("ok")
    record Ok(RawJson re) implements ServerFrame {}

    @JsonTypeName("pong")
    record Pong(RawJson re) implements ServerFrame {}

    /**
     * Nothing was done.
     *
     * @param re absent if the frame's id could not be read
     * @param cause says more than the code; mostly absent
     */
    @JsonTypeName("error")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Refused(
            @Nullable RawJson re,
            String code,
            String message,
            boolean retryable,
            @Nullable Long retryAfterMs,
            @Nullable String cause)
            implements ServerFrame {}
}
