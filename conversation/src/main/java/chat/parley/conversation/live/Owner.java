package chat.parley.conversation.live;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Wakeups;
import chat.parley.conversation.session.Session;
import chat.parley.events.Id;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user with sockets at this replica: tells them all what changes in the list of conversations. */
final class Owner implements Wakeups.OwnerListener {
    private static final Logger log = LoggerFactory.getLogger(Owner.class);

    private final Id userId;
    private final Wakeups wakeups;
    private final ConversationReader reader;
    private final FrameCodec codec;
    private final LiveThreads threads;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet(2);

    /** Guards the next one, and is held while Redis is asked to listen. */
    private final ReentrantLock holding = new ReentrantLock();

    private boolean closed;

    // The monitor guards what follows.
    private final Set<Id> changed = new LinkedHashSet<>(2);
    private boolean telling;

    Owner(Id userId, Wakeups wakeups, ConversationReader reader, FrameCodec codec, LiveThreads threads) {
        this.userId = userId;
        this.wakeups = wakeups;
        this.reader = reader;
        this.codec = codec;
        this.threads = threads;
    }

    Id userId() {
        return userId;
    }

    int count() {
        return sockets.size();
    }

    Set<Socket> sockets() {
        return sockets;
    }

    /**
     * Adds a socket, listening from the first one on.
     *
     * @return false if the last one had gone
     * @throws RefusedException UNAVAILABLE if Redis can't be reached
     */
    boolean add(Socket socket) {
        holding.lock();
        try {
            if (closed) {
                return false;
            }
            if (sockets.isEmpty()) {
                closed = true;
                wakeups.listen(userId, this);
                closed = false;
            }
            sockets.add(socket);
            return true;
        } finally {
            holding.unlock();
        }
    }

    /** Returns true if that was the last one: then this listens no more. */
    boolean remove(Socket socket) {
        holding.lock();
        try {
            if (!sockets.remove(socket) || !sockets.isEmpty()) {
                return false;
            }
            closed = true;
            wakeups.unlisten(userId);
            return true;
        } finally {
            holding.unlock();
        }
    }

    @Override
    public void onUpdated(Id conversationId) {
        synchronized (this) {
            changed.add(conversationId);
        }
        tellSoon();
    }

    @Override
    public void onDeleted(Id conversationId) {
        onUpdated(conversationId);
    }

    /** Tells what could not be read before. */
    void tellSoon() {
        synchronized (this) {
            if (telling || changed.isEmpty()) {
                return;
            }
            telling = true;
        }
        threads.run(this::tellAll);
    }

    private void tellAll() {
        while (true) {
            Id next;
            synchronized (this) {
                if (changed.isEmpty()) {
                    telling = false;
                    return;
                }
                next = changed.iterator().next();
                changed.remove(next);
            }
            try {
                tell(next);
            } catch (RefusedException e) {
                synchronized (this) {
                    changed.add(next);
                    telling = false;
                }
                return;
            } catch (RuntimeException | Error e) {
                log.error("User {} is not told of conversation {}", userId, next, e);
            }
        }
    }

    private void tell(Id conversationId) {
        ConversationName name = new ConversationName(userId, conversationId);
        ServerFrame frame = reader.find(name)
                .<ServerFrame>map(ServerFrame.ConversationUpdated::new)
                .orElseGet(() -> new ServerFrame.ConversationDeleted(conversationId));
        String text = codec.encode(frame);
        sockets.forEach(socket -> socket.tell(conversationId, text));
    }

    @Override
    public void onSessionEnded(Id sessionId) {
        close(session -> session.id().equals(sessionId));
    }

    @Override
    public void onSessionsEnded(long epoch) {
        close(session -> session.epoch() < epoch);
    }

    private void close(Predicate<Session> ended) {
        for (Socket socket : sockets) {
            if (ended.test(socket.session())) {
                socket.close(CloseCode.SESSION_ENDED);
            }
        }
    }
}
