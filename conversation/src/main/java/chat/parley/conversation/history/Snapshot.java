package chat.parley.conversation.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as it is after event {@code seq}.
 *
 * @param conversation null if there is none of that name
 * @param cursor where the events go on
 * @param messages oldest first, in the protocol's form
 * @param replies those that have not ended, in the order in which they will be written
 * @param more whether there are older messages than these
 */
public record Snapshot(
        @Nullable Conversation conversation,
        long seq,
        Cursor cursor,
        List<RawJson> messages,
        List<OpenReply> replies,
        boolean more) {}
