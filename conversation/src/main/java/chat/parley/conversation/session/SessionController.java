package chat.parley.conversation.session;

import chat.parley.conversation.history.LinkStore;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Begins and ends sessions. */
@RestController
@RequestMapping("/api/session")
class SessionController {
    private final Sessions sessions;
    private final OpenIdProvider provider;
    private final LinkStore links;

    SessionController(Sessions sessions, OpenIdProvider provider, LinkStore links) {
        this.sessions = sessions;
        this.provider = provider;
        this.links = links;
    }

    /** Who that is, whether one can sign in here, and whether conversations can be shared by links. */
    record Answer(User user, boolean signIn, boolean share) {}

    @PostMapping
    Answer begin(HttpServletRequest request, HttpServletResponse response) {
        return new Answer(sessions.begin(request, response).user(), provider.isThere(), links.areAllowed());
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(
            Session session,
            @RequestParam(defaultValue = "false") boolean everywhere,
            HttpServletRequest request,
            HttpServletResponse response) {
        sessions.end(session, everywhere, request, response);
    }
}
