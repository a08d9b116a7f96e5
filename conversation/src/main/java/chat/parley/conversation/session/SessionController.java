package chat.parley.conversation.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Begins and ends sessions. */
@RestController
@RequestMapping("/api/session")
class SessionController {
    private final Sessions sessions;

    SessionController(Sessions sessions) {
        this.sessions = sessions;
    }

    record Answer(User user) {}

    @PostMapping
    Answer begin(HttpServletRequest request, HttpServletResponse response) {
        return new Answer(sessions.begin(request, response).user());
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(Session session, HttpServletRequest request, HttpServletResponse response) {
        sessions.end(session, request, response);
    }
}
