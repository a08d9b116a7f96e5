package chat.parley.conversation.history;

import chat.parley.events.Id;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A reply that has not ended, in the protocol's form.
 *
 * @param messageId the id that its message will have; the same as {@code replyId}
 * @param parentId the message that it answers
 * @param attempt 0 while it waits for its turn
 * @param text what the attempt has written so far
 * @param model who writes it; absent until it has started
 * @param code why the last attempt failed; only when retrying
 * @param cause the same more exactly, where more is known; only when retrying
 * @param retryAt when the next attempt starts; only when retrying
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OpenReply(
        Id replyId,
        Id messageId,
        Id parentId,
        int attempt,
        State state,
        String text,
        @Nullable String model,
        @Nullable String code,
        @Nullable String cause,
        @Nullable Instant retryAt) {
    /** What a reply is doing. */
    public enum State {
        @JsonProperty("queued")
        QUEUED,
        @JsonProperty("retrying")
        RETRYING,
        @JsonProperty("streaming")
        STREAMING
    }
}
