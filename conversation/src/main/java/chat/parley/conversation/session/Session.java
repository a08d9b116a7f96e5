package chat.parley.conversation.session;

import chat.parley.events.Id;
import java.time.Instant;

/**
 * A browser that may ask in a user's name, until it expires or is ended.
 *
 * @param id one user may have several sessions, one for each browser
 */
public record Session(Id userId, Id id, Instant expiresAt) {
    public User user() {
        return User.guest(userId);
    }
}
