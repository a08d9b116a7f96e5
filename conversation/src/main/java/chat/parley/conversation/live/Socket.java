package chat.parley.conversation.live;

import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.session.Session;
import chat.parley.events.Id;
import jakarta.websocket.SendResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One browser's socket: what waits to be written to it. It keeps positions, some answers, and one frame in flight;
 * events wait in the log. Nothing here blocks whoever wakes it: writing happens in turns, on virtual threads.
 */
final class Socket {
    private static final Logger log = LoggerFactory.getLogger(Socket.class);
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final jakarta.websocket.Session webSocket;
    private final Session session;
    private final Delivery delivery;
    private final Consumer<Socket> onClosed;

    /** Counts the reasons to look for something to write; whoever counts from 0 takes the turn. */
    private final AtomicInteger turns = new AtomicInteger(1);

    // The monitor guards what follows.
    private final Map<Id, Subscription> subscriptions = new HashMap<>(4);
    private final ArrayDeque<Answer> answers = new ArrayDeque<>(2);
    private final ArrayDeque<Subscription> line = new ArrayDeque<>(2);
    private boolean closed;
    private boolean writing;
    private long writingSince;
    private boolean pingDue;
    private boolean storeWasAway;
    private long nextPing;

    /** Used only by whoever has the turn. */
    private @Nullable CatchUp catchUp;

    private volatile long lastHeard = System.nanoTime();

    /**
     * Wraps an open socket, to which nothing is written until {@link #start}.
     *
     * @param welcome the first frame that it gets
     * @param onClosed called once, when it is to get nothing any more
     */
    Socket(
            jakarta.websocket.Session webSocket,
            Session session,
            ServerFrame.Welcome welcome,
            Delivery delivery,
            Consumer<Socket> onClosed) {
        this.webSocket = webSocket;
        this.session = session;
        this.delivery = delivery;
        this.onClosed = onClosed;
        this.nextPing = lastHeard + delivery.properties().pingEvery().toNanos();
        answers.add(new Answer(null, delivery.codec().encode(welcome)));
    }

    /** Begins to write, by giving back the turn that nobody could take so far. */
    void start() {
        delivery.threads().run(this::writeAll);
    }

    /**
     * An encoded frame that is no event.
     *
     * @param subject a newer one about the same subject takes its place; null if each counts
     */
    private record Answer(@Nullable Object subject, String text) {}

    /** What was read of a log for a subscription that is too far back for its feed. */
    private record CatchUp(Subscription subscription, List<EventFrame> frames, int next) {
        boolean fits(Subscription other) {
            return subscription == other
                    && frames.get(next).seq() == other.position().seq() + 1;
        }
    }

    Session session() {
        return session;
    }

    void tell(ServerFrame frame) {
        tell(null, delivery.codec().encode(frame));
    }

    void tellDeleted(Id conversationId) {
        tell(conversationId, delivery.codec().encode(new ServerFrame.ConversationDeleted(conversationId)));
    }

    /** Tells something that replaces what was to be told about the same subject. */
    void tell(@Nullable Object subject, String text) {
        boolean full;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (subject != null) {
                answers.removeIf(answer -> subject.equals(answer.subject()));
            }
            full = !offer(new Answer(subject, text));
        }
        finish(full);
    }

    /** Tells the place in the queue, which replaces the one before; nothing if this is looked at no more. */
    void tellPlace(Subscription subscription, String text) {
        boolean full;
        synchronized (this) {
            Id id = subscription.feed().name().conversationId();
            if (closed || subscriptions.get(id) != subscription) {
                return;
            }
            answers.removeIf(answer -> subscription.equals(answer.subject()));
            full = !offer(new Answer(subscription, text));
        }
        finish(full);
    }

    /**
     * Looks at a conversation from a position on. What was sent before this answer belongs to the subscription that it
     * replaces.
     *
     * @param subscription holds its feed, which is released when it ends
     * @param end the newest position that is known
     */
    void subscribe(Subscription subscription, Cursor end, ServerFrame.Subscribed answer) {
        String text = delivery.codec().encode(answer);
        boolean full;
        Subscription replaced;
        synchronized (this) {
            if (closed) {
                delivery.feeds().release(subscription.feed());
                return;
            }
            replaced = subscriptions.put(subscription.feed().name().conversationId(), subscription);
            full = !offer(new Answer(null, text));
        }
        subscription.feed().add(subscription);
        if (isClosed()) {
            // Whoever closed it may have come too early to find the subscription with its feed.
            subscription.feed().remove(subscription);
        }
        subscription.feed().found(end);
        if (replaced != null) {
            end(replaced);
        }
        finish(full);
    }

    /** Looks away; no event comes after the answer. */
    void unsubscribe(Id conversationId, ServerFrame answer) {
        String text = delivery.codec().encode(answer);
        boolean full;
        Subscription removed;
        synchronized (this) {
            if (closed) {
                return;
            }
            removed = subscriptions.remove(conversationId);
            full = !offer(new Answer(null, text));
        }
        if (removed != null) {
            end(removed);
        }
        finish(full);
    }

    private void end(Subscription subscription) {
        subscription.feed().remove(subscription);
        delivery.feeds().release(subscription.feed());
    }

    private boolean offer(Answer answer) {
        long chars = answer.text().length();
        for (Answer waiting : answers) {
            chars += waiting.text().length();
        }
        LiveProperties most = delivery.properties();
        if (answers.size() >= most.waitingAnswers() || (!answers.isEmpty() && chars > most.waitingChars())) {
            return false;
        }
        answers.add(answer);
        return true;
    }

    private void finish(boolean full) {
        if (full) {
            close(CloseCode.TOO_SLOW);
            return;
        }
        takeTurn();
    }

    synchronized boolean mayLookAt(Id conversationId) {
        return subscriptions.containsKey(conversationId)
                || subscriptions.size() < delivery.properties().subscriptionsPerSocket();
    }

    /** There may be something for this subscription. */
    void wake(Subscription subscription) {
        synchronized (this) {
            if (closed || subscription.waiting) {
                return;
            }
            subscription.waiting = true;
            line.add(subscription);
        }
        takeTurn();
    }

    private void takeTurn() {
        if (turns.getAndIncrement() == 0) {
            delivery.threads().run(this::writeAll);
        }
    }

    private void writeAll() {
        int seen = turns.get();
        while (seen != 0) {
            while (writeNext()) {
                // until something is in flight, or nothing is left
            }
            seen = turns.addAndGet(-seen);
        }
    }

    /** Starts to write one thing; false if there is nothing to do, or something is in flight. */
    private boolean writeNext() {
        Answer answer = null;
        Subscription subscription = null;
        synchronized (this) {
            if (closed || writing) {
                return false;
            }
            if (pingDue) {
                pingDue = false;
            } else if (!answers.isEmpty()) {
                answer = answers.poll();
                startWriting();
            } else {
                subscription = line.poll();
                if (subscription == null) {
                    return false;
                }
                subscription.waiting = false;
            }
        }
        if (answer != null) {
            write(answer.text());
        } else if (subscription != null) {
            serve(subscription);
        } else {
            ping();
        }
        return true;
    }

    private void serve(Subscription subscription) {
        EventFrame frame = next(subscription);
        if (frame == null) {
            return;
        }
        synchronized (this) {
            Id id = subscription.feed().name().conversationId();
            if (closed || subscriptions.get(id) != subscription) {
                return;
            }
            subscription.advance(frame.cursor());
            startWriting();
            if (!subscription.waiting) {
                subscription.waiting = true;
                // A page that was read is sent before another is read for someone else.
                if (catchUp != null) {
                    line.addFirst(subscription);
                } else {
                    line.addLast(subscription);
                }
            }
        }
        write(frame.text());
    }

    private @Nullable EventFrame next(Subscription subscription) {
        if (catchUp != null && catchUp.fits(subscription)) {
            return fromPage(catchUp);
        }
        catchUp = null;
        return switch (subscription.feed().after(subscription.position())) {
            case Feed.Next.Nothing _ -> null;
            case Feed.Next.Ready ready -> ready.frame();
            case Feed.Next.InLog _ -> fromLog(subscription);
        };
    }

    private @Nullable EventFrame fromLog(Subscription subscription) {
        Feed feed = subscription.feed();
        Cursor position = subscription.position();
        try {
            var page = delivery.reader()
                    .read(feed.name(), position, delivery.properties().pageEntries());
            if (page.isEmpty()) {
                delivery.feeds().lost(feed, position);
                return null;
            }
            List<EventFrame> frames = page.get().entries().stream()
                    .map(entry -> EventFrame.of(feed.name(), entry))
                    .toList();
            return frames.isEmpty() ? null : fromPage(new CatchUp(subscription, frames, 0));
        } catch (RefusedException e) {
            synchronized (this) {
                storeWasAway = true;
            }
            return null;
        }
    }

    private EventFrame fromPage(CatchUp page) {
        EventFrame frame = EventFrame.merged(
                page.subscription().feed().name(),
                page.frames(),
                page.next(),
                delivery.properties().mergeChars());
        int sent = (int) (frame.seq() - page.frames().getFirst().seq()) + 1;
        catchUp = sent < page.frames().size() ? new CatchUp(page.subscription(), page.frames(), sent) : null;
        return frame;
    }

    private void startWriting() {
        writing = true;
        writingSince = System.nanoTime();
    }

    private void write(String text) {
        try {
            webSocket.getAsyncRemote().sendText(text, this::written);
        } catch (IllegalStateException e) {
            // It was closed meanwhile.
            detach();
        }
    }

    private void written(SendResult result) {
        if (!result.isOK()) {
            detach();
            return;
        }
        synchronized (this) {
            writing = false;
        }
        takeTurn();
    }

    private void ping() {
        try {
            webSocket.getAsyncRemote().sendPing(EMPTY.duplicate());
        } catch (IOException | IllegalStateException e) {
            log.debug("A ping could not be sent: {}", e.getMessage());
        }
    }

    /** Something came from the client: a part of a frame, or a pong. */
    void heard() {
        lastHeard = System.nanoTime();
    }

    /** Looks at all that happens by time. Does not block. */
    void tick(long now) {
        LiveProperties properties = delivery.properties();
        boolean ping;
        boolean slow;
        List<Subscription> again;
        synchronized (this) {
            slow = writing && now - writingSince > properties.writeTimeout().toNanos();
            ping = now - nextPing >= 0;
            if (ping) {
                pingDue = true;
                nextPing = now + properties.pingEvery().toNanos();
            }
            again = storeWasAway ? new ArrayList<>(subscriptions.values()) : List.of();
            storeWasAway = false;
        }
        if (slow) {
            close(CloseCode.TOO_SLOW);
        } else if (now - lastHeard > properties.silence().toNanos()) {
            close(CloseCode.SILENT);
        } else if (ping) {
            takeTurn();
        }
        again.forEach(this::wake);
    }

    /**
     * Closes for this reason, once. What was still to be written is dropped. Does not block.
     *
     * @return what waits for the close frame to be written; empty if the socket was closed before
     */
    Optional<Thread> close(CloseCode code) {
        if (!detach()) {
            return Optional.empty();
        }
        return Optional.of(delivery.threads().run(() -> {
            try {
                webSocket.close(code.reason());
            } catch (IOException | IllegalStateException e) {
                log.debug("A socket could not be closed properly: {}", e.getMessage());
            }
        }));
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Gets nothing any more; false if that was so before. */
    boolean detach() {
        List<Subscription> left;
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            left = List.copyOf(subscriptions.values());
            subscriptions.clear();
            answers.clear();
            line.clear();
        }
        left.forEach(this::end);
        onClosed.accept(this);
        return true;
    }
}
