package chat.parley.conversation.history;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nothing was done, for a reason that whoever asked may see. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable Duration retryAfter;

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
        super(message, cause);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public ErrorCode code() {
        return code;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
