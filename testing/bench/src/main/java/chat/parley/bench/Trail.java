package chat.parley.bench;

import chat.parley.e2e.stack.Hop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** When one question, and then the first token of its answer, passed each mark. Thread-safe. */
final class Trail {
    private final String question;
    private final String replyId;
    private final Deque<Mark> ahead = new ArrayDeque<>(List.of(Mark.values()));
    private final List<Long> passed = new ArrayList<>();

    /**
     * Follows a question that is about to be sent.
     *
     * @param question words that nothing else has
     * @param replyId of the reply to it, likewise
     */
    Trail(String question, String replyId) {
        this.question = question;
        this.replyId = replyId;
    }

    /** Something passes a hop: perhaps what the next mark waits for. */
    synchronized void heard(Hop hop, boolean answer, byte[] bytes, int length, long at) {
        Mark next = ahead.peek();
        if (next != null && next.is(hop, answer, bytes, length, question, replyId)) {
            ahead.remove();
            passed.add(at);
        }
    }

    /**
     * How long each step took: those that end at the marks, and last the one to the page.
     *
     * @param begin when the page asked, in nanoseconds of {@link System#nanoTime}, like all moments here
     * @param end when the page had the token
     * @throws IllegalStateException if some mark was not seen: Parley says something else there by now
     */
    synchronized List<Duration> steps(long begin, long end) {
        Mark missed = ahead.peek();
        if (missed != null) {
            throw new IllegalStateException("Nothing like " + missed + " was seen on " + missed.hop);
        }
        List<Duration> steps = new ArrayList<>();
        long before = begin;
        for (long at : passed) {
            steps.add(Duration.ofNanos(at - before));
            before = at;
        }
        steps.add(Duration.ofNanos(end - before));
        return steps;
    }
}
