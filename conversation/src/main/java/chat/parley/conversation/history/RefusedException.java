package chat.parley.conversation.history;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nothing was done, for a reason that whoever asked may see. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable Duration retryAfter;
    private final @Nullable String reason;

    /**
     * Refuses without a time.
     *
     * @param message a sentence for a person, without names of hosts, classes or keys
     */
    public RefusedException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    /**
     * Refuses until a time.
     *
     * @param retryAfter when asking again may help; absent if that is not known
     */
    public RefusedException(ErrorCode code, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        this(code, message, retryAfter, cause, null);
    }

    private RefusedException(
            ErrorCode code,
            String message,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause,
            @Nullable String reason) {
        super(message, cause);
        this.code = code;
        this.retryAfter = retryAfter;
        this.reason = reason;
    }

    /**
     * Refuses, maybe until a time, for a reason of which a page may have words of its own.
     *
     * @param reason says more than the code, in its form
     */
    static RefusedException because(String reason, ErrorCode code, String message, @Nullable Duration retryAfter) {
        return new RefusedException(code, message, retryAfter, null, reason);
    }

    public ErrorCode code() {
        return code;
    }

    /** What says more than the code; mostly there is nothing to say. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
