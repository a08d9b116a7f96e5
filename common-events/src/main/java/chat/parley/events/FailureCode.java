package chat.parley.events;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why an attempt at a reply failed. The worker says what happened; what follows from it is written here, once. */
public enum FailureCode {
    /** The provider refused the key (401, 403). */
    KEY_REFUSED("provider_rejected", Consequence.FAIL),
    /** The provider does not know the model (404). */
    MODEL_UNKNOWN("provider_rejected", Consequence.FAIL),
    /** The account has no credit left (402, or 429 with {@code insufficient_quota}). */
    QUOTA_EXHAUSTED("provider_rejected", Consequence.FAIL),
    /** The provider refused the request itself (another 4xx). */
    REQUEST_REJECTED("provider_rejected", Consequence.FAIL),
    /** The conversation does not fit the model's context. */
    CONTEXT_TOO_LONG("context_too_long", Consequence.FAIL),
    /** The provider's content filter stopped the reply. */
    CONTENT_FILTERED("content_filtered", Consequence.FAIL),
    /** The reply grew past the longest that Parley stores. */
    REPLY_TOO_LONG("provider_rejected", Consequence.FAIL),
    /** The provider asked to wait (429): a delay, not an outage. */
    RATE_LIMITED("provider_rate_limited", Consequence.RETRY),
    /** The provider could not be reached, or answered 5xx, before anything was streamed. */
    UNREACHABLE("provider_unavailable", Consequence.RETRY),
    /** The worker was asked to stop and gave the reply back: the next attempt starts at once. */
    DRAINED("provider_unavailable", Consequence.RETRY_AT_ONCE),
    /** No token came in time. */
    HUNG("timeout", Consequence.STRIKE),
    /** The stream broke off, ended without a finish reason, or could not be read. */
    BROKEN_OFF("provider_unavailable", Consequence.STRIKE),
    /** The model finished without a word. */
    EMPTY_REPLY("provider_unavailable", Consequence.STRIKE),
    /** The worker was lost: no event of it came before its lease ended. Said by Conversation alone. */
    WORKER_LOST("internal", Consequence.STRIKE),
    /** A fault in Parley itself; also what a reader takes for a code that it does not know. */
    @JsonEnumDefaultValue
    INTERNAL("internal", Consequence.STRIKE);

    /** What Conversation does about a failed attempt. */
    public enum Consequence {
        /** The reply fails at once. */
        FAIL,
        /** The next attempt comes after a backoff; counts no strike, so that only the reply's deadline ends it. */
        RETRY,
        /** The next attempt comes at once; counts no strike. */
        RETRY_AT_ONCE,
        /** The next attempt comes after a backoff and counts a strike; the last strike fails the reply. */
        STRIKE
    }

    private final String errorCode;
    private final Consequence consequence;

    FailureCode(String errorCode, Consequence consequence) {
        this.errorCode = errorCode;
        this.consequence = consequence;
    }

    /** The code that the browser protocol uses for it. */
    public String errorCode() {
        return errorCode;
    }

    /** What the browser protocol says beside that code, for those who want to know more exactly. */
    public String cause() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Consequence consequence() {
        return consequence;
    }

    /** The form in JSON: lower case with hyphens. */
    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
