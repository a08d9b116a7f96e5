package chat.parley.conversation.session;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.SessionStore;
import chat.parley.events.Id;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/**
 * Knows who is asking by a signed cookie. Every method throws {@link RefusedException} with UNAVAILABLE if it needs
 * Redis and gets no answer in time.
 */
@Component
public class Sessions {
    static final String COOKIE = "parley-session";
    /** Over TLS: such a name is taken by browsers only with Secure, for the whole site, from this very host. */
    static final String SECURE_COOKIE = "__Host-" + COOKIE;

    private final SessionProperties properties;
    private final SessionSecret secret;
    private final SessionStore store;
    private final TrustedProxies proxies;

    Sessions(SessionProperties properties, SessionSecret secret, SessionStore store, TrustedProxies proxies) {
        this.properties = properties;
        this.secret = secret;
        this.store = store;
        this.proxies = proxies;
    }

    /** The session that a request comes with; empty if it has none, or that has expired or was ended. */
    public Optional<Session> find(HttpServletRequest request) {
        String token =
                cookie(request, SECURE_COOKIE).or(() -> cookie(request, COOKIE)).orElse("");
        if (token.isEmpty()) {
            return Optional.empty();
        }
        return secret.tokens().read(token, Instant.now()).filter(session -> !hasEnded(session));
    }

    /**
     * The session that a request comes with.
     *
     * @throws RefusedException UNAUTHORIZED if there is none
     */
    public Session require(HttpServletRequest request) {
        return find(request).orElseThrow(Sessions::unauthorized);
    }

    static RefusedException unauthorized() {
        return new RefusedException(ErrorCode.UNAUTHORIZED, "There is no session, or it has ended; ask for one first.");
    }

    public boolean hasEnded(Session session) {
        return store.hasEnded(session.userId(), session.id());
    }

    /** Renews the session that a request comes with, or begins one of a new guest. */
    Session begin(HttpServletRequest request, HttpServletResponse response) {
        Session known = find(request).orElseGet(() -> new Session(Id.random(), Id.random(), Instant.MAX));
        return renew(known, request, response);
    }

    /** Renews a session that has not been renewed for a while. */
    void renewIfOld(Session session, HttpServletRequest request, HttpServletResponse response) {
        Duration left = Duration.between(Instant.now(), session.expiresAt());
        if (left.compareTo(properties.lifetime().minus(properties.renewAfter())) < 0) {
            renew(session, request, response);
        }
    }

    private Session renew(Session session, HttpServletRequest request, HttpServletResponse response) {
        Session renewed =
                new Session(session.userId(), session.id(), Instant.now().plus(properties.lifetime()));
        setCookie(request, response, secret.tokens().write(renewed), properties.lifetime());
        return renewed;
    }

    /** Ends a session everywhere: its cookie is no longer good and its sockets are closed. */
    void end(Session session, HttpServletRequest request, HttpServletResponse response) {
        store.end(session.userId(), session.id(), properties.lifetime());
        setCookie(request, response, "", Duration.ZERO);
    }

    private void setCookie(HttpServletRequest request, HttpServletResponse response, String value, Duration age) {
        boolean secure = proxies.isSecure(request);
        ResponseCookie cookie = ResponseCookie.from(secure ? SECURE_COOKIE : COOKIE, value)
                .httpOnly(true)
                .sameSite("Lax")
                .secure(secure)
                .path("/")
                .maxAge(age)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    private static Optional<String> cookie(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(name)) {
                return Optional.of(cookie.getValue());
            }
        }
        return Optional.empty();
    }
}
