package chat.parley.conversation.history;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a frame or call was refused, as the browser protocol spells it. */
public enum ErrorCode {
    BAD_FRAME(400, false),
    BAD_REQUEST(400, false),
    TOO_LARGE(413, false),
    RATE_LIMITED(429, true),
    NOT_FOUND(404, false),
    CONFLICT(409, false),
    /** Nothing was stored, or it is not known; asking again is safe. */
    UNAVAILABLE(503, true),
    UNAUTHORIZED(401, false),
    FORBIDDEN(403, false),
    INTERNAL(500, true);

    private final int httpStatus;
    private final boolean retryable;

    ErrorCode(int httpStatus, boolean retryable) {
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public boolean retryable() {
        return retryable;
    }

    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }
}
