package chat.parley.conversation.search;

import chat.parley.events.Id;
import java.util.List;

/**
 * A message that has what was looked for.
 *
 * @param title of its conversation
 * @param excerpt a piece of its text
 * @param marks where in the excerpt it is, in UTF-16 units
 */
public record Hit(Id conversationId, Id messageId, String title, String excerpt, List<Mark> marks) {
    public Hit {
        marks = List.copyOf(marks);
    }
}
