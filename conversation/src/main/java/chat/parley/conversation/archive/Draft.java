package chat.parley.conversation.archive;

import chat.parley.conversation.history.ImportedMessage.Failure;
import chat.parley.conversation.history.ImportedMessage.Status;
import chat.parley.events.Role;
import chat.parley.events.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as a file tells of it: nothing in it has been checked.
 *
 * @param source whose file it is
 * @param id what it is called there; empty if it has no name
 * @param title empty for none
 * @param nodes in the order in which the file has them
 * @param currentId the node that was shown last; empty if that is not told
 */
record Draft(
        Source source,
        String id,
        String title,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        boolean pinned,
        String model,
        String systemPrompt,
        List<Node> nodes,
        String currentId) {
    Draft {
        nodes = List.copyOf(nodes);
    }

    /** Whose file it is. */
    enum Source {
        PARLEY,
        CHATGPT,
        OPEN_WEBUI
    }

    /**
     * A place in the tree.
     *
     * @param parentId empty at a beginning
     * @param said null for a step that no one sees, such as a call of a tool; what follows it follows what is above it
     */
    record Node(String id, String parentId, @Nullable Said said) {}

    /**
     * What was said there.
     *
     * @param replyId empty if it is not told
     * @param model empty if it is not told
     */
    record Said(
            Role role,
            String text,
            Status status,
            @Nullable Instant createdAt,
            String replyId,
            String model,
            @Nullable Usage usage,
            @Nullable Failure error) {

        /** @param replyId empty if it is not told */
        static Said byPerson(String text, @Nullable Instant createdAt, String replyId) {
            return new Said(Role.USER, text, Status.COMPLETE, createdAt, replyId, "", null, null);
        }
    }

    /** What a person knows it by. */
    String label() {
        String name = Notes.shortened(title.isBlank() ? id : title);
        return name.isEmpty() ? "(no title)" : name;
    }
}
