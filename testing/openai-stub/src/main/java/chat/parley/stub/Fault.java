package chat.parley.stub;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a call can suffer, by the name under which tests ask for it. Those with a status answer with an error body. */
public enum Fault {
    /** 400, without a code. */
    BAD_REQUEST("400", 400, "invalid_request_error", null, "The stub was told to refuse this request."),
    /** 401: the key is refused. */
    UNAUTHORIZED(
            "401",
            401,
            "invalid_request_error",
            "invalid_api_key",
            "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys."),
    /** 404: no such model. */
    UNKNOWN_MODEL(
            "404",
            404,
            "invalid_request_error",
            "model_not_found",
            "The model does not exist or you do not have access to it."),
    /** 429 with {@code Retry-After} if one is set. */
    RATE_LIMITED("429", 429, "requests", "rate_limit_exceeded", "Rate limit reached for requests. Please slow down."),
    /** 429 of the kind that no waiting heals. */
    QUOTA(
            "insufficient_quota",
            429,
            "insufficient_quota",
            "insufficient_quota",
            "You exceeded your current quota, please check your plan and billing details."),
    /** 500. */
    SERVER_ERROR(
            "500",
            500,
            "server_error",
            null,
            "The server had an error while processing your request. Sorry about that!"),
    /** 503. */
    UNAVAILABLE("503", 503, "server_error", null, "The engine is currently overloaded, please try again later."),
    /** 400 with code {@code context_length_exceeded}. */
    CONTEXT_TOO_LONG(
            "context_length_exceeded",
            400,
            "invalid_request_error",
            "context_length_exceeded",
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."
                    + " Please reduce the length of the messages."),
    /** The listening port closes for a while and the call is reset. */
    REFUSE("refuse"),
    /** Silence, for as long as the client waits. */
    HANG("hang"),
    /** A TCP reset. */
    RESET("reset"),
    /** The connection closes in mid-body, without a reset. */
    CLOSE("close"),
    /** The body ends as if all were well, but in mid-answer: no finish reason, no usage, no {@code [DONE]}. */
    SHORT("short"),
    /** An error object in the stream, then its end. */
    STREAM_ERROR("stream_error"),
    /** A chunk that is not JSON. */
    MALFORMED("malformed"),
    /** The finish reason is {@code content_filter}. */
    CONTENT_FILTER("content_filter"),
    /** The whole text and {@code [DONE]}, but no finish reason. */
    NO_FINISH("no_finish"),
    /** The whole text and its finish reason, but no {@code [DONE]}. */
    NO_DONE("no_done"),
    /** Finish reason {@code stop}, but not one token. */
    EMPTY("empty");

    private final String label;
    private final int status;
    private final String type;
    private final @Nullable String code;
    private final String message;

    Fault(String label) {
        this(label, 0, "", null, "");
    }

    Fault(String label, int status, String type, @Nullable String code, String message) {
        this.label = label;
        this.status = status;
        this.type = type;
        this.code = code;
        this.message = message;
    }

    /** The fault of a name, whatever its case, with {@code -} and {@code _} alike. */
    static Optional<Fault> named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT).replace('-', '_');
        for (Fault fault : values()) {
            if (fault.label.equals(wanted)) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    /** The name under which it is asked for and counted. */
    public String label() {
        return label;
    }

    /** Whether nothing of the answer is sent at all. */
    boolean replacesAnswer() {
        return status != 0 || this == REFUSE;
    }

    /** Whether it strikes after a number of tokens, instead of before the first or after the last one. */
    boolean cutsShort() {
        return switch (this) {
            case HANG, RESET, CLOSE, SHORT, STREAM_ERROR, MALFORMED, CONTENT_FILTER -> true;
            case BAD_REQUEST, UNAUTHORIZED, UNKNOWN_MODEL, RATE_LIMITED, QUOTA, SERVER_ERROR, UNAVAILABLE -> false;
            case CONTEXT_TOO_LONG, REFUSE, NO_FINISH, NO_DONE, EMPTY -> false;
        };
    }

    ApiProblem problem() {
        return new ApiProblem(status, type, code, null, message);
    }
}
