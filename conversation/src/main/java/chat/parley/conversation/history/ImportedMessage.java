package chat.parley.conversation.history;

import chat.parley.events.Id;
import chat.parley.events.Role;
import chat.parley.events.Usage;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A message that comes from a file.
 *
 * @param parentId a message that stands before this one; null at a beginning
 * @param replyId the reply to a person's message that it was sent with; absent if there is none in the conversation
 * @param model absent for a person's
 * @param error why a reply failed; absent if it did not
 */
public record ImportedMessage(
        Id id,
        @Nullable Id parentId,
        Role role,
        String text,
        Status status,
        Instant createdAt,
        @Nullable Id replyId,
        @Nullable String model,
        @Nullable Usage usage,
        @Nullable Failure error) {

    /** How it ended. */
    public enum Status {
        COMPLETE,
        FAILED,
        CANCELLED;

        /** As the protocol spells it. */
        public String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Why a reply failed, in the protocol's form.
     *
     * @param cause says more than the code; absent if that is not told
     */
    public record Failure(
            String code,
            String message,
            boolean retryable,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String cause) {}
}
