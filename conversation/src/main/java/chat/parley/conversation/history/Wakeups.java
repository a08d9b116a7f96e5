package chat.parley.conversation.history;

import chat.parley.events.Id;
import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/**
 * Tells replicas what was just stored. At most once: while the connection is broken, what is said is lost, so whoever
 * listens reads the log after {@link #onGap} and compares positions from time to time. Listeners are called on the
 * connection's own thread and must not block.
 */
public final class Wakeups extends RedisPubSubAdapter<String, String> implements AutoCloseable {
    private final StatefulRedisPubSubConnection<String, String> connection;
    private final ConcurrentHashMap<String, Consumer<String>> channels = new ConcurrentHashMap<>();
    private final Set<Runnable> gapListeners = new CopyOnWriteArraySet<>();
    /** How many channels are still to be subscribed again after a break. */
    private volatile int missing;

    Wakeups(StatefulRedisPubSubConnection<String, String> connection) {
        this.connection = connection;
        connection.addListener(this);
    }

    /** Hears what was stored in one conversation. */
    public interface Listener {
        /** A new entry of the log; the next one has the next seq, unless some were lost on the way. */
        void onEntry(LogEntry entry);

        /** The conversation was deleted. */
        void onDeleted();
    }

    /** Hears what changed in the list of one user's conversations. */
    public interface OwnerListener {
        void onUpdated(Id conversationId);

        void onDeleted(Id conversationId);

        /** A session of the user has ended: his sockets that belong to it are to be closed. */
        void onSessionEnded(Id sessionId);

        /** All sessions of the user that are of an earlier epoch have ended. */
        void onSessionsEnded(long epoch);
    }

    /**
     * Listens to one conversation, replacing what listened before. When this returns normally, what is stored from now
     * on is heard.
     *
     * @throws RefusedException UNAVAILABLE if Redis can't be reached
     */
    public void listen(ConversationName name, Listener listener) {
        subscribe(Keys.channel(name), text -> {
            if (text.equals("gone")) {
                listener.onDeleted();
            } else {
                parse(text).ifPresent(listener::onEntry);
            }
        });
    }

    /** Listens to one user's list, replacing what listened before. */
    public void listen(Id userId, OwnerListener listener) {
        subscribe(Keys.channel(userId), text -> {
            int cut = text.indexOf(' ');
            Id id = new Id(text.substring(cut + 1));
            switch (text.substring(0, cut)) {
                case "updated" -> listener.onUpdated(id);
                case "deleted" -> listener.onDeleted(id);
                case "session-ended" -> listener.onSessionEnded(id);
                case "sessions-ended" -> listener.onSessionsEnded(Long.parseLong(id.value()));
                default -> {} // said by a newer version
            }
        });
    }

    public void unlisten(ConversationName name) {
        unsubscribe(Keys.channel(name));
    }

    public void unlisten(Id userId) {
        unsubscribe(Keys.channel(userId));
    }

    /** Whether the connection is there just now. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    /**
     * Calls this whenever a connection to Redis came back after a break, before anything is heard again, and once more
     * when all is heard again: what was said in between is lost.
     */
    public void onGap(Runnable listener) {
        gapListeners.add(listener);
    }

    private void subscribe(String channel, Consumer<String> reader) {
        channels.put(channel, reader);
        try {
            connection.sync().subscribe(channel);
        } catch (RedisException e) {
            channels.remove(channel, reader);
            throw Redis.unavailable(e);
        }
    }

    private void unsubscribe(String channel) {
        channels.remove(channel);
        var _ = connection.async().unsubscribe(channel);
    }

    @Override
    public void message(String channel, String text) {
        Consumer<String> reader = channels.get(channel);
        if (reader != null) {
            reader.accept(text);
        }
    }

    void connectionCameBack() {
        missing = channels.size();
        gapListeners.forEach(Runnable::run);
    }

    @Override
    public void subscribed(String channel, long count) {
        if (!channels.containsKey(channel)) {
            // It was given up while there was no connection to say so.
            var _ = connection.async().unsubscribe(channel);
            if (channels.containsKey(channel)) {
                var _ = connection.async().subscribe(channel);
            }
        }
        if (missing > 0 && count >= missing) {
            missing = 0;
            gapListeners.forEach(Runnable::run);
        }
    }

    private static Optional<LogEntry> parse(String text) {
        String[] parts = text.split(" ", 4);
        if (parts.length < 4) {
            return Optional.empty();
        }
        return Optional.of(new LogEntry(
                new Cursor(Long.parseLong(parts[0]), parts[1]),
                Instant.ofEpochMilli(Long.parseLong(parts[2])),
                parts[3]));
    }

    @Override
    public void close() {
        connection.close();
    }
}
