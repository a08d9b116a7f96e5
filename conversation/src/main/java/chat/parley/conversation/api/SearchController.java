package chat.parley.conversation.api;

import chat.parley.conversation.history.ConversationList;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.session.Session;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Finds words in all messages of a user. */
@RestController
class SearchController {
    private final ConversationList list;
    private final ApiProperties properties;

    SearchController(ConversationList list, ApiProperties properties) {
        this.list = list;
        this.properties = properties;
    }

    record Answer(List<ConversationList.Hit> items) {}

    @GetMapping("/api/search")
    Answer search(Session session, @RequestParam String q) {
        if (q.length() > properties.searchChars()) {
            throw new RefusedException(
                    ErrorCode.TOO_LARGE, "A search has at most " + properties.searchChars() + " characters.");
        }
        return new Answer(list.search(session.userId(), q, properties.searchHits()));
    }
}
