package chat.parley.conversation.api;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.LinkStore;
import chat.parley.conversation.session.Session;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Shares conversations by links, and shows them to whoever has one. */
@RestController
class ShareController {
    private final LinkStore links;
    private final ApiProperties properties;

    ShareController(LinkStore links, ApiProperties properties) {
        this.links = links;
        this.properties = properties;
    }

    /**
     * The link of one conversation.
     *
     * @param newer whether the conversation has messages, or a title, that the link does not show
     */
    record Answer(String token, Instant sharedAt, String title, boolean newer) {
        static Answer of(LinkStore.Link link) {
            return new Answer(link.token(), link.sharedAt(), link.title(), link.newer());
        }
    }

    record Links(List<LinkStore.Link> items) {}

    @PutMapping("/api/conversations/{id}/share")
    Answer share(Session session, @PathVariable String id) {
        return Answer.of(links.share(ConversationName.asked(session.userId(), id)));
    }

    @GetMapping("/api/conversations/{id}/share")
    Answer link(Session session, @PathVariable String id) {
        return Answer.of(links.find(ConversationName.asked(session.userId(), id)));
    }

    @DeleteMapping("/api/conversations/{id}/share")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void unshare(Session session, @PathVariable String id) {
        links.unshare(ConversationName.asked(session.userId(), id));
    }

    @GetMapping("/api/shares")
    Links all(Session session) {
        return new Links(links.all(session.userId()));
    }

    /** For whoever has the link; no session is asked for, and none is begun. */
    @GetMapping("/api/shared/{token}")
    LinkStore.Shown read(
            @PathVariable String token,
            @RequestParam @Nullable String before,
            @RequestParam @Nullable Integer limit,
            HttpServletResponse response) {
        response.setHeader("X-Robots-Tag", "noindex");
        return links.read(token, before == null || before.isEmpty() ? null : before, properties.items(limit));
    }
}
