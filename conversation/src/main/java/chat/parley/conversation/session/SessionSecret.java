package chat.parley.conversation.session;

import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.SessionStore;
import chat.parley.conversation.history.Wakeups;
import chat.parley.events.Id;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The key that signs sessions: what whoever runs this has set, else one that the replicas share through Redis. */
@Component
final class SessionSecret {
    private static final Logger log = LoggerFactory.getLogger(SessionSecret.class);

    private final SessionStore store;
    private final boolean shared;
    private volatile @Nullable SessionTokens tokens;
    private volatile String secret;

    SessionSecret(SessionProperties properties, SessionStore store, Wakeups wakeups) {
        this.store = store;
        String given = properties.secret();
        shared = given == null;
        // 256 random bits.
        secret = given == null ? Id.random().value() + Id.random().value() : given;
        tokens = given == null ? null : new SessionTokens(given);
        if (shared) {
            wakeups.onGap(() -> Thread.ofVirtual().name("session-secret").start(this::keep));
        }
    }

    /**
     * Signs with the key, fetching it once.
     *
     * @throws RefusedException UNAVAILABLE if it is not known yet and Redis can't be reached
     */
    SessionTokens tokens() {
        SessionTokens known = tokens;
        if (known != null) {
            return known;
        }
        return take(store.secret(secret));
    }

    private SessionTokens take(String kept) {
        SessionTokens made = new SessionTokens(kept);
        secret = kept;
        tokens = made;
        return made;
    }

    /**
     * A store that came back empty gets the key again, so that no one is signed out by that. One that came back with
     * the key of a copy is right: that one signed the sessions of the people whose conversations it has.
     */
    private synchronized void keep() {
        if (tokens == null) {
            return;
        }
        try {
            String kept = store.secret(secret);
            if (!kept.equals(secret)) {
                take(kept);
                log.warn("The store has another key for sessions; it holds from now on");
            }
        } catch (RefusedException e) {
            log.debug("The session key could not be put back yet: {}", e.code());
        }
    }
}
