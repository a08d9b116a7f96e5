package chat.parley.conversation.session;

import chat.parley.events.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A browser that may ask in a user's name, until it expires or is ended.
 *
 * @param id one user may have several sessions, one for each browser
 * @param epoch how often all sessions of the user had been ended when this one began; 0 for a guest, who becomes
 *     someone new by that
 * @param person who has signed in; absent for a guest
 */
public record Session(
        Id userId,
        Id id,
        Instant expiresAt,
        long epoch,
        @Nullable Person person) {
    static Session guest(Id userId, Id id, Instant expiresAt) {
        return new Session(userId, id, expiresAt, 0, null);
    }

    boolean isGuest() {
        return person == null;
    }

    Session until(Instant newExpiry) {
        return new Session(userId, id, newExpiry, epoch, person);
    }

    public User user() {
        return person == null ? User.guest(userId) : new User(userId, person.name(), false);
    }
}
