package chat.parley.assistant;

import chat.parley.events.EventJson;
import chat.parley.events.ReplyEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says what the attempts of one partition have to say, in order. At most one message is under way; what comes meanwhile
 * gathers for the next. So an idle broker adds no delay, and a slow one gets larger messages. A message that the broker
 * may not have is sent again, as it was, before anything else.
 */
final class Partition {
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(30);

    private final int number;
    private final EventJson json;
    private final ReplySender sender;
    private final Pacer pacer;
    private final ScheduledExecutorService timer;
    private final AssistantProperties.Publishing properties;
    private final AssistantMetrics metrics;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Outlet> ready = new LinkedHashSet<>();
    private final Set<Outlet> running = new LinkedHashSet<>();
    private @Nullable Message underWay;
    private Turn turn = Turn.NONE;

    /** A turn of the pacer. One that comes while a message is under way is kept for the next. */
    private enum Turn {
        NONE,
        AWAITED,
        HAD
    }

    Partition(
            int number,
            EventJson json,
            ReplySender sender,
            Pacer pacer,
            ScheduledExecutorService timer,
            AssistantProperties.Publishing properties,
            AssistantMetrics metrics) {
        this.number = number;
        this.json = json;
        this.sender = sender;
        this.pacer = pacer;
        this.timer = timer;
        this.properties = properties;
        this.metrics = metrics;
    }

    private static final class Message {
        private final byte[] body;
        private final int events;
        private final List<CompletableFuture<Void>> waiting;

        Message(byte[] body, int events, List<CompletableFuture<Void>> waiting) {
            this.body = body;
            this.events = events;
            this.waiting = waiting;
        }
    }

    /** From now on the attempt is never silent for longer than the heartbeat. */
    void open(Outlet outlet) {
        lock.lock();
        try {
            running.add(outlet);
        } finally {
            lock.unlock();
        }
    }

    /** Changes what an attempt has to say, and says it as soon as may be. */
    void say(Outlet outlet, Consumer<Outlet> change) {
        lock.lock();
        try {
            change.accept(outlet);
            if (!outlet.isEmpty()) {
                ready.add(outlet);
            }
        } finally {
            lock.unlock();
        }
        pump();
    }

    /** Ends an attempt's heartbeats; what it still has to say is said. */
    void close(Outlet outlet) {
        lock.lock();
        try {
            running.remove(outlet);
            outlet.close();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets an attempt and what it has not said. */
    void discard(Outlet outlet) {
        lock.lock();
        try {
            running.remove(outlet);
            ready.remove(outlet);
            outlet.discard();
        } finally {
            lock.unlock();
        }
    }

    /** Says a heartbeat for each attempt that has been silent since then. */
    void beat(long silentSince) {
        lock.lock();
        try {
            for (Outlet outlet : running) {
                outlet.beatIfSilentSince(silentSince);
                if (!outlet.isEmpty()) {
                    ready.add(outlet);
                }
            }
        } finally {
            lock.unlock();
        }
        pump();
    }

    private void pump() {
        Message message;
        lock.lock();
        try {
            if (underWay != null || ready.isEmpty() || !mayGo()) {
                return;
            }
            message = gather();
            underWay = message;
        } finally {
            lock.unlock();
        }
        send(message, properties.confirmTimeout());
    }

    private boolean mayGo() {
        if (isUrgent()) {
            return true;
        }
        return switch (turn) {
            case AWAITED -> false;
            case HAD -> {
                turn = Turn.NONE;
                yield true;
            }
            case NONE -> isDueNow(pacer.take());
        };
    }

    private boolean isDueNow(Duration wait) {
        if (wait.isZero()) {
            return true;
        }
        turn = Turn.AWAITED;
        later(wait, this::pumpInTurn);
        return false;
    }

    private boolean isUrgent() {
        for (Outlet outlet : ready) {
            if (outlet.isUrgent()) {
                return true;
            }
        }
        return false;
    }

    private void pumpInTurn() {
        lock.lock();
        try {
            turn = Turn.HAD;
        } finally {
            lock.unlock();
        }
        pump();
    }

    private Message gather() {
        List<ReplyEvent> events = new ArrayList<>();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        long now = System.nanoTime();
        long length = 0;
        Iterator<Outlet> outlets = ready.iterator();
        while (outlets.hasNext() && length < properties.batchChars()) {
            Outlet outlet = outlets.next();
            length += outlet.length();
            outlet.take(events, waiting, now);
            outlets.remove();
        }
        return new Message(json.write(events), events.size(), waiting);
    }

    /**
     * Sends a copy of the message under way; any copy's confirm will do. The next copy goes out when this one was not
     * taken, or has waited for so long: its confirm may be lost, without a word from the client, or only be late.
     */
    private void send(Message message, Duration patience) {
        CompletableFuture<Boolean> sent = sender.send(number, message.body);
        var _ = sent.thenAccept(taken -> {
            if (taken) {
                confirmed(message);
            }
        });
        var _ = sent.copy().orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS).whenComplete((taken, timeout) -> {
            if (timeout != null) {
                sendSoon(message, min(patience.multipliedBy(2), LONGEST_PATIENCE));
            } else if (!taken) {
                sendSoon(message, properties.confirmTimeout());
            }
        });
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void sendSoon(Message message, Duration patience) {
        later(properties.resend(), () -> {
            if (isUnderWay(message)) {
                metrics.resent();
                send(message, patience);
            }
        });
    }

    private boolean isUnderWay(Message message) {
        lock.lock();
        try {
            return underWay == message;
        } finally {
            lock.unlock();
        }
    }

    private void confirmed(Message message) {
        lock.lock();
        try {
            if (underWay != message) {
                return;
            }
            underWay = null;
        } finally {
            lock.unlock();
        }
        metrics.said(message.events);
        message.waiting.forEach(waiting -> waiting.complete(null));
        pump();
    }

    private void later(Duration delay, Runnable task) {
        var _ = timer.schedule(() -> Thread.ofVirtual().start(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
