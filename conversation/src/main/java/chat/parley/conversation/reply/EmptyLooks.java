package chat.parley.conversation.reply;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** When a queue was found with consumers and without a request that waits, on one unbroken connection. */
final class EmptyLooks {
    private final Duration apart;
    private final Deque<Instant> looks = new ArrayDeque<>();
    private @Nullable Object connection;

    /** @param apart two looks prove something if there is at least so much time between them */
    EmptyLooks(Duration apart) {
        this.apart = apart;
    }

    void found(Object through, Instant at, boolean empty) {
        if (!through.equals(connection)) {
            connection = through;
            looks.clear();
        }
        if (empty) {
            looks.addLast(at);
        }
    }

    /**
     * What was put into the queue before this and has not left it is lost; {@link Instant#MIN} if nothing is proved.
     */
    Instant lostBefore() {
        if (looks.isEmpty()) {
            return Instant.MIN;
        }
        Instant until = looks.getLast().minus(apart);
        Instant newest = Instant.MIN;
        while (!looks.getFirst().isAfter(until)) {
            newest = looks.removeFirst();
        }
        if (!newest.equals(Instant.MIN)) {
            looks.addFirst(newest);
        }
        return newest;
    }
}
