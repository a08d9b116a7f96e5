package chat.parley.bench;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a guest, from its handshake to its end: it looks at his conversation as soon as it is welcome.
 * Reads frames by the words in them: what is measured is Parley, not a JSON parser.
 */
final class Visit implements LeanSocket.Listener {
    private final Guest guest;
    private final CompletableFuture<Seen> seen = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile CompletableFuture<Void> answer = new CompletableFuture<>();
    private volatile @Nullable LeanSocket socket;
    private long welcomedAt;

    Visit(Guest guest) {
        this.guest = guest;
    }

    /**
     * When it was welcome, and when it was told where its conversation stands.
     *
     * @param welcomedAt by {@link System#nanoTime}
     * @param subscribedAt by the same
     * @param recovered whether events go on from where the guest was, without a snapshot
     */
    record Seen(long welcomedAt, long subscribedAt, boolean recovered) {}

    /** Fails with an {@link IllegalStateException} that says why if the connection ends before. */
    CompletableFuture<Seen> seen() {
        return seen;
    }

    /** Why it ended; never completes if it was cut here. */
    CompletableFuture<String> ended() {
        return ended;
    }

    Guest guest() {
        return guest;
    }

    /**
     * Asks the conversation's first question; done when the whole answer is there. Fails with an
     * {@link IllegalStateException} that says why if the connection has ended, or ends before.
     */
    CompletableFuture<Void> ask(String question) {
        CompletableFuture<Void> coming = new CompletableFuture<>();
        answer = coming;
        var _ = ended.thenAccept(why -> coming.completeExceptionally(new IllegalStateException(why)));
        LeanSocket there = socket;
        if (there == null) {
            coming.completeExceptionally(new IllegalStateException("Not welcome yet"));
        } else {
            there.send(guest.ask(question));
        }
        return coming;
    }

    /** Drops the connection, once it is welcome. */
    void cut() {
        LeanSocket there = socket;
        if (there != null) {
            there.cut();
        }
    }

    @Override
    public void text(LeanSocket from, String text) {
        if (text.startsWith("{\"type\":\"event\"")) {
            guest.saw(text);
            if (text.contains("\"reply.completed\"")) {
                answer.complete(null);
            }
        } else if (text.startsWith("{\"type\":\"welcome\"")) {
            socket = from;
            welcomedAt = System.nanoTime();
            from.send(guest.subscribe());
        } else if (text.startsWith("{\"type\":\"subscribed\"")) {
            guest.saw(text);
            seen.complete(new Seen(welcomedAt, System.nanoTime(), text.contains("\"recovered\":true")));
        } else if (text.startsWith("{\"type\":\"error\"")) {
            from.cut();
            ended("error: " + text.replaceAll(".*\"code\":\"(\\w+)\".*", "$1"));
        }
    }

    @Override
    public void ended(String why) {
        seen.completeExceptionally(new IllegalStateException(why));
        ended.complete(why);
    }
}
