package chat.parley.conversation.live;

import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Wakeups;
import chat.parley.events.Id;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** One {@link Owner} for each user who has sockets at this replica. */
@Component
final class Owners {
    private final ConcurrentHashMap<Id, Owner> owners = new ConcurrentHashMap<>();
    private final Wakeups wakeups;
    private final ConversationReader reader;
    private final FrameCodec codec;
    private final LiveThreads threads;

    Owners(Wakeups wakeups, ConversationReader reader, FrameCodec codec, LiveThreads threads) {
        this.wakeups = wakeups;
        this.reader = reader;
        this.codec = codec;
        this.threads = threads;
    }

    /**
     * Lets a socket hear what changes in its user's list, until {@link #remove}.
     *
     * @throws RefusedException UNAVAILABLE if Redis can't be reached
     */
    void add(Socket socket) {
        Id userId = socket.session().userId();
        while (true) {
            Owner owner = owners.computeIfAbsent(userId, absent -> new Owner(absent, wakeups, reader, codec, threads));
            try {
                if (owner.add(socket)) {
                    return;
                }
                owners.remove(userId, owner);
            } catch (RefusedException e) {
                owners.remove(userId, owner);
                throw e;
            }
        }
    }

    void remove(Socket socket) {
        Owner owner = owners.get(socket.session().userId());
        if (owner != null && owner.remove(socket)) {
            owners.remove(socket.session().userId(), owner);
        }
    }

    /** How many sockets a user has here. */
    int count(Id userId) {
        Owner owner = owners.get(userId);
        return owner == null ? 0 : owner.count();
    }

    void forEach(Consumer<Owner> action) {
        owners.values().forEach(action);
    }
}
