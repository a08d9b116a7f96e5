package chat.parley.assistant;

import chat.parley.events.Usage;
import org.jspecify.annotations.Nullable;

/** What can happen to an attempt while it waits for its model. */
sealed interface Signal {
    /**
     * The model said something.
     *
     * @param text as it came: may be empty, may be cut within a surrogate pair
     * @param finishReason in capitals; null as long as there is more to come
     */
    record Chunk(
            String text,
            @Nullable String finishReason,
            @Nullable Usage usage) implements Signal {}

    /** The stream is at its end. */
    record Ended() implements Signal {}

    /** The call failed. */
    record Broke(Throwable cause) implements Signal {}

    /** Nobody wants the reply any more. */
    record Cancelled() implements Signal {}

    /** The worker has to stop. */
    record Drained() implements Signal {}
}
