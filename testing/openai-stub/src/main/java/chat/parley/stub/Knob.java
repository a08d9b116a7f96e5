package chat.parley.stub;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** One thing about a call that can be set, by the name under which it is set everywhere. */
enum Knob {
    /** Time before the first byte of an answer. */
    DELAY("delay"),
    /** Tokens per second; 0 is as fast as possible. */
    RATE("rate"),
    /** Length of the reply. */
    TOKENS("tokens"),
    /** Whether status line, headers and the role chunk come before the delay. */
    EARLY("early"),
    /** The fault. */
    FAIL("fail"),
    /** Tokens sent before the fault, where it strikes in mid-answer. */
    AFTER("after"),
    /** The value of the header {@code Retry-After}. */
    RETRY_AFTER("retryafter"),
    /** Whether that header is a date, not seconds. */
    RETRY_DATE("retrydate"),
    /** The fault strikes only the first so many calls of the same request; 0 is every one. */
    TIMES("times"),
    /** The fault strikes only the next so many calls of all; 0 is every one. Not in directives. */
    CALLS("calls"),
    /** How long {@code fail=refuse} refuses. */
    FOR("for");

    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m)?");
    private static final int MOST = 1_000_000;

    private final String label;

    Knob(String label) {
        this.label = label;
    }

    /** The knob of a name, whatever its case, {@code retry-after} and {@code retryAfter} alike. */
    static Optional<Knob> named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
        for (Knob knob : values()) {
            if (knob.label.equals(wanted)) {
                return Optional.of(knob);
            }
        }
        return Optional.empty();
    }

    /** The name in small letters, without hyphens. */
    String label() {
        return label;
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException with a sentence, if it is none for this knob
     */
    Object parse(String value) {
        return switch (this) {
            case DELAY, FOR -> time(value, "ms");
            case RETRY_AFTER -> time(value, "s");
            case RATE -> rate(value);
            case TOKENS, AFTER, TIMES, CALLS -> count(value);
            case EARLY, RETRY_DATE -> flag(value);
            case FAIL -> fault(value);
        };
    }

    private static Duration time(String value, String unitIfNone) {
        var parts = TIME.matcher(value);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a time such as 50ms or 2s: " + value);
        }
        String unit = parts.group(2) == null ? unitIfNone : parts.group(2);
        int millis = switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            default -> 60_000;
        };
        return Duration.ofMillis(new BigDecimal(parts.group(1))
                .multiply(BigDecimal.valueOf(millis))
                .longValue());
    }

    private static Double rate(String value) {
        try {
            double rate = Double.parseDouble(value);
            if (rate >= 0 && rate <= MOST) {
                return rate;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException("not a number of tokens per second: " + value);
    }

    private static Integer count(String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 0 && count <= MOST) {
                return count;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException("not a whole number from 0 to " + MOST + ": " + value);
    }

    private static Boolean flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "" -> true;
            case "false", "0", "no" -> false;
            default -> throw new IllegalArgumentException("neither true nor false: " + value);
        };
    }

    private static Optional<Fault> fault(String value) {
        if (value.isEmpty() || value.equals("none") || value.equals("null")) {
            return Optional.empty();
        }
        return Optional.of(
                Fault.named(value).orElseThrow(() -> new IllegalArgumentException("unknown fault: " + value)));
    }
}
