package chat.parley.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** When what of one reply came. Written by the thread that reads the connection, read by whoever asked. */
final class StreamTimes {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final long asked = System.nanoTime();
    private final List<Duration> gaps = new ArrayList<>();
    private final CompletableFuture<Duration> first = new CompletableFuture<>();
    private final CompletableFuture<Duration> whole = new CompletableFuture<>();
    private long last;

    /** Those of a question that could not be asked. */
    static StreamTimes failed(String why) {
        StreamTimes times = new StreamTimes();
        times.fail(why);
        return times;
    }

    /** Some of the text came. */
    void text() {
        long now = System.nanoTime();
        if (first.complete(Duration.ofNanos(now - asked))) {
            last = now;
            return;
        }
        gaps.add(Duration.ofNanos(now - last));
        last = now;
    }

    /** The reply is whole. */
    void end() {
        whole.complete(Duration.ofNanos(System.nanoTime() - asked));
    }

    /** There will be no reply, or no more of it. */
    void fail(String why) {
        IllegalStateException failure = new IllegalStateException(why);
        first.completeExceptionally(failure);
        whole.completeExceptionally(failure);
    }

    /** When it was asked, by {@link System#nanoTime}. */
    long asked() {
        return asked;
    }

    /** From the question to the first piece of text; waits for it. */
    Duration first() throws InterruptedException {
        return Waiting.await(first, PATIENCE);
    }

    /** From the question to the end; waits for it. */
    Duration whole() throws InterruptedException {
        return Waiting.await(whole, PATIENCE);
    }

    /** From each piece of text to the next. */
    List<Duration> gaps() throws InterruptedException {
        Duration _ = whole();
        return gaps;
    }
}
