package chat.parley.assistant;

import chat.parley.events.FailureCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt ended without a reply.
 *
 * @param retryAfter how long the provider asked to wait; null if it did not say
 * @param detail for the log: status and the provider's code, never its words
 */
record Failure(FailureCode code, @Nullable Duration retryAfter, String detail) {
    Failure(FailureCode code, String detail) {
        this(code, null, detail);
    }
}
