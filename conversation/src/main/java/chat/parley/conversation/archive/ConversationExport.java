package chat.parley.conversation.archive;

import chat.parley.conversation.history.Conversation;
import chat.parley.conversation.history.OpenReply;
import chat.parley.conversation.history.RawJson;
import chat.parley.conversation.history.Snapshot;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A conversation as JSON.
 *
 * @param messages all branches, oldest first, in the protocol's form
 * @param replies those that have not ended, in the protocol's form; absent if there are none
 */
record ConversationExport(
        Conversation conversation,
        List<RawJson> messages,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<OpenReply> replies) {
    ConversationExport {
        messages = List.copyOf(messages);
        replies = List.copyOf(replies);
    }

    static ConversationExport of(Conversation conversation, Snapshot snapshot) {
        return new ConversationExport(conversation, snapshot.messages(), snapshot.replies());
    }
}
