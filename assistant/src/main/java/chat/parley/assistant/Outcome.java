package chat.parley.assistant;

import chat.parley.events.Usage;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. */
sealed interface Outcome {
    record Completed(String text, @Nullable Usage usage) implements Outcome {}

    record Failed(Failure failure) implements Outcome {}

    /** Nobody wants it any more, and nothing more is said about it. */
    record Cancelled() implements Outcome {}
}
