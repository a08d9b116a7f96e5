package chat.parley.assistant;

import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What one attempt has to say and has not said yet. Text gathers, and becomes a delta with a number only when a message
 * is made of it. Guarded by the lock of its partition.
 */
final class Outlet {
    /** What gathered while the broker was away should not keep its room for the rest of a reply's life. */
    private static final int MAX_KEPT_ROOM = 16 * 1024;

    private final ReplyName reply;
    private final int attempt;
    private final Id worker;
    private final StringBuilder unsaid = new StringBuilder();
    private final List<ReplyEvent> before = new ArrayList<>();
    private final List<ReplyEvent> after = new ArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private int nextDelta;
    private int offset;
    private long lastSaid;
    private boolean heartbeat;
    private boolean closed;

    Outlet(ReplyName reply, int attempt, Id worker, long now) {
        this.reply = reply;
        this.attempt = attempt;
        this.worker = worker;
        this.lastSaid = now;
    }

    int partition() {
        return reply.shard();
    }

    void start(String model) {
        before.add(new ReplyEvent.ReplyStarted(reply, attempt, worker, model));
    }

    /** Adds to the text; the piece has only whole characters. */
    void add(String text) {
        unsaid.append(text);
    }

    /** Adds an event that comes after all text so far, and is to be confirmed. */
    void add(ReplyEvent event, CompletableFuture<Void> confirmed) {
        after.add(event);
        waiting.add(confirmed);
    }

    /** Forgets what was not said; nothing more will be. */
    void discard() {
        close();
        before.clear();
        unsaid.setLength(0);
        after.clear();
    }

    /** Ends the heartbeats. */
    void close() {
        closed = true;
        heartbeat = false;
    }

    /** Asks for a heartbeat if nothing was said since then and nothing is about to be. */
    void beatIfSilentSince(long time) {
        heartbeat = !closed && lastSaid - time < 0;
    }

    boolean isEmpty() {
        return before.isEmpty() && unsaid.isEmpty() && after.isEmpty() && !heartbeat;
    }

    /** Whether what is to be said does not wait for the budget: a first token, or a step of the attempt. */
    boolean isUrgent() {
        return !before.isEmpty() || !after.isEmpty() || (nextDelta == 0 && !unsaid.isEmpty());
    }

    /** About how much text {@link #take} would bring. */
    int length() {
        int length = unsaid.length();
        for (ReplyEvent event : after) {
            length += event instanceof ReplyEvent.ReplyCompleted completed
                    ? completed.text().length()
                    : 0;
        }
        return length;
    }

    /**
     * Hands over all that is to be said.
     *
     * @param events gets it in order
     * @param confirmed gets who waits for it
     */
    void take(List<ReplyEvent> events, List<CompletableFuture<Void>> confirmed, long now) {
        int others = events.size();
        events.addAll(before);
        before.clear();
        takeDelta(events);
        events.addAll(after);
        after.clear();
        if (heartbeat && events.size() == others) {
            events.add(new ReplyEvent.ReplyHeartbeat(reply, attempt, worker));
        }
        heartbeat = false;
        confirmed.addAll(waiting);
        waiting.clear();
        lastSaid = now;
    }

    private void takeDelta(List<ReplyEvent> events) {
        if (unsaid.isEmpty()) {
            return;
        }
        String text = unsaid.toString();
        events.add(new ReplyEvent.ReplyDelta(reply, attempt, worker, nextDelta, offset, text));
        nextDelta++;
        offset += text.length();
        unsaid.setLength(0);
        if (unsaid.capacity() > MAX_KEPT_ROOM) {
            unsaid.trimToSize();
        }
    }
}
