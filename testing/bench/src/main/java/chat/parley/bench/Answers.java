package chat.parley.bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The frames that a client waits for, one after the other. They are told by the words in them: what is measured is
 * Parley, not a JSON parser.
 */
final class Answers {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private volatile Awaited awaited;

    private record Awaited(String words, CompletableFuture<String> frame) {}

    /** @param words of the frame that comes first, without a request */
    Answers(String words) {
        awaited = new Awaited(words, new CompletableFuture<>());
    }

    /**
     * Waits for the frame that comes first.
     *
     * @throws IllegalStateException if there is none
     */
    String first() throws InterruptedException {
        return await(awaited);
    }

    /**
     * Makes a request, and waits for its answer.
     *
     * @param words that the answer holds, and no other frame that may come
     * @throws IllegalStateException if there is no answer
     */
    String to(Runnable request, String words) throws InterruptedException {
        Awaited answer = new Awaited(words, new CompletableFuture<>());
        awaited = answer;
        request.run();
        return await(answer);
    }

    private static String await(Awaited answer) throws InterruptedException {
        try {
            return Waiting.await(answer.frame(), PATIENCE);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("Parley did not answer with " + answer.words() + ": " + e.getMessage(), e);
        }
    }

    /** A frame came. */
    void heard(String frame) {
        Awaited answer = awaited;
        if (frame.contains(answer.words())) {
            answer.frame().complete(frame);
        }
    }

    /** The answer will not come. */
    void fail(String why) {
        awaited.frame().completeExceptionally(new IllegalStateException(why));
    }
}
