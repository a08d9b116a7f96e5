package chat.parley.standalone;

import org.jspecify.annotations.Nullable;

/** Parley can't start. The message is a sentence for the person who started it, and says what to do. */
final class StartupException extends RuntimeException {
    StartupException(String message) {
        this(message, null);
    }

    StartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
