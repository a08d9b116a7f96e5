package chat.parley.conversation.session;

import chat.parley.conversation.history.AccountStore;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.SessionStore;
import chat.parley.events.Id;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Knows who is asking by a signed cookie. Every method throws {@link RefusedException} with UNAVAILABLE if it needs
 * Redis and gets no answer in time.
 */
@Component
public class Sessions {
    static final String COOKIE = "parley-session";
    /** Keeps the guest that a browser was before someone signed in there who is another user. */
    static final String GUEST_COOKIE = "parley-guest";

    private final SessionProperties properties;
    private final SessionSecret secret;
    private final SessionStore store;
    private final AccountStore accounts;
    private final Cookies cookies;

    Sessions(
            SessionProperties properties,
            SessionSecret secret,
            SessionStore store,
            AccountStore accounts,
            Cookies cookies) {
        this.properties = properties;
        this.secret = secret;
        this.store = store;
        this.accounts = accounts;
        this.cookies = cookies;
    }

    /** The session that a request comes with; empty if it has none, or that has expired or was ended. */
    public Optional<Session> find(HttpServletRequest request) {
        return find(request, COOKIE).filter(session -> properties.guests() || !session.isGuest());
    }

    private Optional<Session> find(HttpServletRequest request, String cookie) {
        return cookies.find(request, cookie)
                .flatMap(token -> secret.tokens().read(token, Instant.now()))
                .filter(session -> !hasEnded(session));
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
        return store.hasEnded(session.userId(), session.id(), session.epoch());
    }

    /**
     * Renews the session that a request comes with, or goes on with the guest that this browser was before, or begins
     * one of a new guest.
     *
     * @throws SignInRequiredException if there is none and guests get none
     */
    Session begin(HttpServletRequest request, HttpServletResponse response) {
        Optional<Session> known = find(request);
        if (known.isPresent()) {
            putBack(known.get());
            return renew(known.get(), request, response);
        }
        if (!properties.guests()) {
            throw new SignInRequiredException();
        }
        Optional<Session> kept = find(request, GUEST_COOKIE);
        if (kept.isPresent()) {
            cookies.remove(request, response, GUEST_COOKIE);
        }
        Session guest = kept.orElseGet(() -> Session.guest(Id.random(), Id.random(), Instant.MAX));
        return set(COOKIE, guest, request, response);
    }

    /**
     * Begins a session of whoever has signed in, always a new one; that which this browser had ends. A guest who signs
     * in for the first time stays the same user. A guest who turns out to be another user is kept for later.
     */
    Session signIn(Person person, HttpServletRequest request, HttpServletResponse response) {
        // Also if guests get no sessions any more: what they had becomes theirs by this.
        Optional<Session> before = find(request, COOKIE);
        before.ifPresent(this::putBack);
        Optional<Session> guest = before.filter(Session::isGuest);
        AccountStore.Owner owner =
                accounts.find(person.account(), guest.map(Session::userId).orElseGet(Id::random));
        before.ifPresent(session -> store.end(session.userId(), session.id(), properties.lifetime()));
        Session begun =
                renew(new Session(owner.userId(), Id.random(), Instant.MAX, owner.epoch(), person), request, response);
        guest.filter(session -> !session.userId().equals(owner.userId()))
                .map(session -> Session.guest(session.userId(), Id.random(), Instant.MAX))
                .ifPresent(session -> set(GUEST_COOKIE, session, request, response));
        return begun;
    }

    /**
     * A store that came back older may not know an account any more that somebody has signed in with. He would be
     * someone new at his next sign-in, and what he has would be lost to him.
     */
    private void putBack(Session session) {
        Person person = session.person();
        if (person != null) {
            accounts.find(person.account(), session.userId());
        }
    }

    /** Renews a session that has not been renewed for a while. */
    void renewIfOld(Session session, HttpServletRequest request, HttpServletResponse response) {
        Duration left = Duration.between(Instant.now(), session.expiresAt());
        if (left.compareTo(properties.lifetime().minus(properties.renewAfter())) < 0) {
            renew(session, request, response);
        }
    }

    /** Renews a session, and with it the guest that is kept behind it. */
    private Session renew(Session session, HttpServletRequest request, HttpServletResponse response) {
        cookies.find(request, GUEST_COOKIE)
                .flatMap(token -> secret.tokens().read(token, Instant.now()))
                .ifPresent(kept -> set(GUEST_COOKIE, kept, request, response));
        return set(COOKIE, session, request, response);
    }

    private Session set(String cookie, Session session, HttpServletRequest request, HttpServletResponse response) {
        Session renewed = session.until(Instant.now().plus(properties.lifetime()));
        cookies.set(request, response, cookie, secret.tokens().write(renewed), properties.lifetime());
        return renewed;
    }

    /**
     * Ends a session for good: its cookie is no longer good and its sockets are closed.
     *
     * @param everywhere whether all others of the same user end, too
     */
    void end(Session session, boolean everywhere, HttpServletRequest request, HttpServletResponse response) {
        store.end(session.userId(), session.id(), properties.lifetime());
        if (everywhere) {
            store.endAll(session.userId(), session.epoch());
        }
        cookies.remove(request, response, COOKIE);
    }
}
