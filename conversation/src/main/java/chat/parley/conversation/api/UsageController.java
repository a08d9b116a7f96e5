package chat.parley.conversation.api;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.session.Session;
import chat.parley.conversation.usage.ConversationUsage;
import chat.parley.conversation.usage.UsageReader;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a conversation used of the model. */
@RestController
class UsageController {
    private final UsageReader reader;

    UsageController(UsageReader reader) {
        this.reader = reader;
    }

    @GetMapping("/api/conversations/{id}/usage")
    ConversationUsage usage(Session session, @PathVariable String id) {
        return reader.of(ConversationName.asked(session.userId(), id));
    }
}
