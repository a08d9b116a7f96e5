package chat.parley.conversation.api;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.search.Hit;
import chat.parley.conversation.search.Search;
import chat.parley.conversation.session.Session;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Finds words in all messages of a user. */
@RestController
class SearchController {
    private final Search search;
    private final ApiProperties properties;

    SearchController(Search search, ApiProperties properties) {
        this.search = search;
        this.properties = properties;
    }

    /** @param complete false if only the newest messages were looked through; absent otherwise */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(List<Hit> items, @Nullable Boolean complete) {}

    @GetMapping("/api/search")
    Answer search(Session session, @RequestParam String q) {
        if (q.length() > properties.searchChars()) {
            throw new RefusedException(
                    ErrorCode.TOO_LARGE, "A search has at most " + properties.searchChars() + " characters.");
        }
        Search.Result result = search.find(session.userId(), q, properties.searchHits());
        return new Answer(result.hits(), result.complete() ? null : false);
    }
}
