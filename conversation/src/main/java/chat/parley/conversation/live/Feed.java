package chat.parley.conversation.live;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.LogEntry;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Wakeups;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this replica hears of one conversation, for all its sockets. It keeps the newest entries ready; whoever stands
 * further back, or at a position that does not fit to them, reads the log. It never decides what has happened: that a
 * wake-up was lost costs time, not text.
 */
final class Feed implements Wakeups.Listener {
    private static final long UNKNOWN = -1;

    private final ConversationName name;
    private final Wakeups wakeups;
    private final LiveProperties properties;
    private final Set<Subscription> subscriptions = new CopyOnWriteArraySet<>();

    /** Guards the next two, and is held while Redis is asked to listen; the wake-ups themselves don't need it. */
    private final ReentrantLock holding = new ReentrantLock();

    private int holders;
    private boolean closed;

    // The monitor guards what follows.
    private final List<EventFrame> frames = new ArrayList<>();
    private int bufferedChars;
    /** The position before the first of {@link #frames}; null if it is not known. */
    private @Nullable Cursor before;

    private long newest = UNKNOWN;
    private boolean deleted;
    /** Whether a reply may be open. */
    private boolean active = true;

    private boolean inDoubt;
    /** In nanoseconds of {@link System#nanoTime}. */
    private long nextCheck;

    Feed(ConversationName name, Wakeups wakeups, LiveProperties properties) {
        this.name = name;
        this.wakeups = wakeups;
        this.properties = properties;
        this.nextCheck = System.nanoTime() + properties.checkOpen().toNanos();
    }

    ConversationName name() {
        return name;
    }

    /**
     * Keeps this feed listening until {@link #release}.
     *
     * @return false if it has stopped for good
     * @throws RefusedException UNAVAILABLE if Redis can't be reached; then it has stopped for good
     */
    boolean hold() {
        holding.lock();
        try {
            if (closed) {
                return false;
            }
            if (holders == 0) {
                closed = true;
                wakeups.listen(name, this);
                closed = false;
            }
            holders++;
            return true;
        } finally {
            holding.unlock();
        }
    }

    /** Returns true if that was the last one: then this feed has stopped for good. */
    boolean release() {
        holding.lock();
        try {
            holders--;
            if (holders > 0) {
                return false;
            }
            closed = true;
            wakeups.unlisten(name);
            return true;
        } finally {
            holding.unlock();
        }
    }

    /** Wakes the subscription from now on whenever there is something after its position. */
    void add(Subscription subscription) {
        subscriptions.add(subscription);
        Cursor position = subscription.position();
        synchronized (this) {
            if (newest == UNKNOWN) {
                newest = position.seq();
                before = position;
            } else if (before == null && !frames.isEmpty() && frames.getFirst().seq() == position.seq() + 1) {
                before = position;
            }
        }
        subscription.wake();
    }

    void remove(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    Set<Subscription> subscriptions() {
        return subscriptions;
    }

    /** What comes next after a position. */
    sealed interface Next {
        /** Nothing yet. */
        record Nothing() implements Next {}

        /** This frame. */
        record Ready(EventFrame frame) implements Next {}

        /** It is not here, but in the log. */
        record InLog() implements Next {}
    }

    private static final Next NOTHING = new Next.Nothing();
    private static final Next IN_LOG = new Next.InLog();

    synchronized Next after(Cursor position) {
        if (deleted || position.seq() >= newest) {
            return NOTHING;
        }
        if (frames.isEmpty() || position.seq() + 1 < frames.getFirst().seq()) {
            return IN_LOG;
        }
        int index = (int) (position.seq() + 1 - frames.getFirst().seq());
        Cursor previous = index == 0 ? before : frames.get(index - 1).cursor();
        if (!position.equals(previous)) {
            return IN_LOG;
        }
        return new Next.Ready(EventFrame.merged(name, frames, index, properties.mergeChars()));
    }

    @Override
    public void onEntry(LogEntry entry) {
        EventFrame frame = EventFrame.of(name, entry);
        synchronized (this) {
            wakeUp();
            if (entry.seq() <= newest) {
                if (!isKnown(frame)) {
                    doubt();
                }
                return;
            }
            if (entry.seq() != newest + 1) {
                forget();
            }
            append(frame);
        }
        subscriptions.forEach(Subscription::wake);
    }

    private void append(EventFrame frame) {
        if (frames.isEmpty() && frame.seq() == 1) {
            before = Cursor.START;
        }
        frames.add(frame);
        newest = frame.seq();
        bufferedChars += frame.text().length();
        while (bufferedChars > properties.bufferChars() && frames.size() > 1) {
            EventFrame oldest = frames.removeFirst();
            before = oldest.cursor();
            bufferedChars -= oldest.text().length();
        }
    }

    private boolean isKnown(EventFrame frame) {
        if (frames.isEmpty() || frame.seq() < frames.getFirst().seq()) {
            return false;
        }
        return frames.get((int) (frame.seq() - frames.getFirst().seq()))
                .cursor()
                .equals(frame.cursor());
    }

    /** From here on the log is read, which knows whether a position is still good. */
    private void forget() {
        frames.clear();
        bufferedChars = 0;
        before = null;
    }

    @Override
    public void onDeleted() {
        synchronized (this) {
            deleted = true;
            forget();
        }
    }

    private void wakeUp() {
        if (!active) {
            active = true;
            nextCheck = System.nanoTime() + properties.checkOpen().toNanos();
        }
    }

    /** What was heard may no longer fit to what is stored: all positions are to be checked. */
    synchronized void doubt() {
        forget();
        inDoubt = true;
    }

    /** Whether it is time to compare positions with the store; if so, the next time is set, too. */
    synchronized boolean isCheckDue(long now) {
        if (deleted || (!inDoubt && now - nextCheck < 0)) {
            return false;
        }
        inDoubt = false;
        nextCheck = now + (active ? properties.checkOpen() : properties.checkIdle()).toNanos();
        return true;
    }

    /** The check could not be done. */
    synchronized void checkAgain() {
        inDoubt = true;
    }

    synchronized boolean isActive() {
        return active;
    }

    synchronized long newest() {
        return newest;
    }

    /** No reply is open and nothing came after {@code seen}: what is kept ready will hardly be wanted. */
    synchronized void rest(long seen) {
        if (newest != seen) {
            return;
        }
        active = false;
        if (!frames.isEmpty()) {
            Cursor last = frames.getLast().cursor();
            forget();
            before = last;
        }
    }

    /** All positions that sockets stand at. */
    Set<Cursor> positions() {
        Set<Cursor> positions = new HashSet<>();
        subscriptions.forEach(subscription -> positions.add(subscription.position()));
        return positions;
    }

    /** The store has events up to here. */
    void found(Cursor end) {
        synchronized (this) {
            if (end.seq() <= newest) {
                return;
            }
            forget();
            newest = end.seq();
        }
        subscriptions.forEach(Subscription::wake);
    }

    /** The store no longer has what was heard. */
    synchronized void startOver() {
        forget();
        newest = UNKNOWN;
    }
}
