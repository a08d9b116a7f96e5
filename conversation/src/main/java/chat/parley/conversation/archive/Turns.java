package chat.parley.conversation.archive;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.Id;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Lets a process do only so much of a kind at once, and each user only once: nobody takes all places of the others. */
final class Turns {
    private static final Duration COME_AGAIN = Duration.ofSeconds(5);

    private final Semaphore places;
    private final Set<Id> users = ConcurrentHashMap.newKeySet();
    private final String own;
    private final String others;

    /**
     * Makes so many places.
     *
     * @param own says that the same user is at it, without a full stop
     * @param others says that all places are taken, without a full stop
     */
    Turns(int atOnce, String own, String others) {
        this.places = new Semaphore(atOnce);
        this.own = own;
        this.others = others;
    }

    /** Holds a place until it is closed, which is done once. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a place, and does not wait for one.
     *
     * @throws RefusedException RATE_LIMITED if this user has one, or there is none
     */
    Turn take(Id userId) {
        if (!users.add(userId)) {
            throw refused(own);
        }
        if (!places.tryAcquire()) {
            users.remove(userId);
            throw refused(others);
        }
        return () -> {
            users.remove(userId);
            places.release();
        };
    }

    /**
     * Says what {@link #take} would say, and takes no place.
     *
     * @throws RefusedException RATE_LIMITED if this user has one, or there is none
     */
    void check(Id userId) {
        if (users.contains(userId)) {
            throw refused(own);
        }
        if (places.availablePermits() == 0) {
            throw refused(others);
        }
    }

    private static RefusedException refused(String why) {
        return new RefusedException(
                ErrorCode.RATE_LIMITED, why + "; please try again in a few seconds.", COME_AGAIN, null);
    }
}
