package chat.parley.conversation.history;

import chat.parley.events.Id;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as a reader of a link sees it: no cause of a failure, and nothing of what it has cost.
 *
 * @param parentId null at a root; it may name a message that the link does not show
 * @param role {@code user} or {@code assistant}
 * @param status {@code complete}, {@code failed} or {@code cancelled}
 * @param model absent where none is known
 */
public record SharedMessage(
        Id id,
        @Nullable Id parentId,
        String role,
        String text,
        String status,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String model) {}
