package chat.parley.assistant;

import chat.parley.events.FailureCode;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.SseException;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the one {@link FailureCode} for whatever a call to the model's provider threw. */
final class FailureClassifier {
    private static final Set<String> TOO_LONG =
            Set.of("context_length_exceeded", "exceed_context_size_error", "string_above_max_length");
    private static final Set<String> FILTERED =
            Set.of("content_filter", "content_policy_violation", "moderation_blocked", "responsibleaipolicyviolation");
    private static final Set<String> NO_CREDIT =
            Set.of("insufficient_quota", "billing_hard_limit_reached", "billing_not_active");
    /** What a provider's code looks like. Whatever else stands there might be anything, even the key. */
    private static final Pattern PROVIDER_CODE = Pattern.compile("[A-Za-z_]{1,64}|[0-9]{1,6}");

    private final Clock clock;

    FailureClassifier(Clock clock) {
        this.clock = clock;
    }

    /**
     * Classifies what was thrown.
     *
     * @param answered whether the provider had begun to answer with success
     */
    Failure classify(Throwable thrown, boolean answered) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof SseException e) {
            return new Failure(inStream(words(e)), detail(e));
        }
        if (cause instanceof OpenAIServiceException e) {
            return new Failure(
                    byStatus(e.statusCode(), words(e)),
                    RetryAfter.read(e.headers()::values, clock.instant()),
                    detail(e));
        }
        if (root(cause) instanceof AnswerTooLongException) {
            return new Failure(FailureCode.REPLY_TOO_LONG, rootName(cause));
        }
        if (cause instanceof OpenAIIoException || cause instanceof IOException) {
            return new Failure(answered ? FailureCode.BROKEN_OFF : FailureCode.UNREACHABLE, rootName(cause));
        }
        boolean unreadable = answered || cause instanceof OpenAIInvalidDataException;
        return new Failure(unreadable ? FailureCode.BROKEN_OFF : FailureCode.INTERNAL, rootName(cause));
    }

    private static FailureCode byStatus(int status, Words words) {
        return switch (status) {
            case 401, 403 -> FailureCode.KEY_REFUSED;
            case 402 -> FailureCode.QUOTA_EXHAUSTED;
            case 404 -> FailureCode.MODEL_UNKNOWN;
            case 408 -> FailureCode.UNREACHABLE;
            case 413 -> FailureCode.CONTEXT_TOO_LONG;
            case 429 -> words.any(NO_CREDIT) ? FailureCode.QUOTA_EXHAUSTED : FailureCode.RATE_LIMITED;
            default -> {
                if (status >= 500) {
                    yield FailureCode.UNREACHABLE;
                }
                if (words.tooLong()) {
                    yield FailureCode.CONTEXT_TOO_LONG;
                }
                yield words.any(FILTERED) ? FailureCode.CONTENT_FILTERED : FailureCode.REQUEST_REJECTED;
            }
        };
    }

    /** An error that came after the answer had begun: its status was 200. */
    private static FailureCode inStream(Words words) {
        if (words.tooLong()) {
            return FailureCode.CONTEXT_TOO_LONG;
        }
        if (words.any(FILTERED)) {
            return FailureCode.CONTENT_FILTERED;
        }
        if (words.any(NO_CREDIT)) {
            return FailureCode.QUOTA_EXHAUSTED;
        }
        return words.any(Set.of("rate_limit_exceeded")) ? FailureCode.RATE_LIMITED : FailureCode.BROKEN_OFF;
    }

    /**
     * What the provider said, in small letters. Its message is read because few say {@code context_length_exceeded} as
     * OpenAI does; it goes nowhere else.
     */
    private record Words(String code, String type, String message) {
        boolean any(Set<String> names) {
            return names.contains(code) || names.contains(type);
        }

        boolean tooLong() {
            return any(TOO_LONG)
                    || message.contains("context length")
                    || message.contains("context window")
                    || message.contains("context size")
                    || message.contains("too many tokens")
                    || message.contains("prompt is too long");
        }
    }

    private static Words words(OpenAIServiceException e) {
        @Nullable String message = e.getMessage();
        return new Words(lower(e.code()), lower(e.type()), message == null ? "" : message.toLowerCase(Locale.ROOT));
    }

    private static String lower(Optional<String> text) {
        return text.orElse("").toLowerCase(Locale.ROOT);
    }

    private static String detail(OpenAIServiceException e) {
        return "status " + e.statusCode()
                + e.code()
                        .or(e::type)
                        .filter(code -> PROVIDER_CODE.matcher(code).matches())
                        .map(code -> " " + code)
                        .orElse("");
    }

    private static String rootName(Throwable thrown) {
        return root(thrown).getClass().getSimpleName();
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
