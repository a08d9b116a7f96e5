package chat.parley.bench;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a guest, from its handshake to its end: it looks at his conversation as soon as it is welcome.
 * Reads frames by the words in them: what is measured is Parley, not a JSON parser.
 */
final class Visit implements LeanSocket.Listener {
    private static final String CURSOR = "\"cursor\":\"";

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

    /** Asks the conversation's first question, once it is welcome; done when the whole answer is there. */
    CompletableFuture<Void> ask(String question) {
        CompletableFuture<Void> coming = new CompletableFuture<>();
        answer = coming;
        LeanSocket there = socket;
        if (there != null) {
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
            guest.sawUpTo(cursor(text));
            if (text.contains("\"reply.completed\"")) {
                answer.complete(null);
            }
        } else if (text.startsWith("{\"type\":\"welcome\"")) {
            socket = from;
            welcomedAt = System.nanoTime();
            from.send(guest.subscribe());
        } else if (text.startsWith("{\"type\":\"subscribed\"")) {
            guest.sawUpTo(cursor(text));
            seen.complete(new Seen(welcomedAt, System.nanoTime(), text.contains("\"recovered\":true")));
        } else if (text.startsWith("{\"type\":\"error\"")) {
            from.cut();
            ended("error: " + text.replaceAll(".*\"code\":\"(\\w+)\".*", "$1"));
        }
    }

    @Override
    public void ended(String why) {
        IllegalStateException failure = new IllegalStateException(why);
        seen.completeExceptionally(failure);
        answer.completeExceptionally(failure);
        ended.complete(why);
    }

    /** Where a conversation stands, of a frame that says so. */
    static String cursor(String text) {
        int at = text.indexOf(CURSOR) + CURSOR.length();
        return text.substring(at, text.indexOf('"', at));
    }
}
