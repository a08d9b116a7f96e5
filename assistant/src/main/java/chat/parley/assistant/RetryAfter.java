package chat.parley.assistant;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads how long a provider wants to be left alone. */
final class RetryAfter {
    /** No provider decides for longer than this. */
    static final Duration LONGEST = Duration.ofHours(1);

    private RetryAfter() {}

    /**
     * Reads {@code retry-after-ms} (as OpenAI has it) or {@code Retry-After} (seconds or a date).
     *
     * @param header the values of a header by its name
     * @return an hour at most; null if neither is there, makes sense, or is still to come: who says "at once" and then
     *     refuses again would be asked without a pause
     */
    static @Nullable Duration read(Function<String, List<String>> header, Instant now) {
        @Nullable Duration wait = first(header.apply("retry-after-ms"), value -> millis(value, 0));
        return wait != null ? wait : first(header.apply("Retry-After"), value -> secondsOrDate(value, now));
    }

    private static @Nullable Duration first(List<String> values, Function<String, @Nullable Duration> parse) {
        return values.isEmpty() ? null : parse.apply(values.getFirst().strip());
    }

    private static @Nullable Duration secondsOrDate(String value, Instant now) {
        @Nullable Duration seconds = millis(value, 3);
        if (seconds != null) {
            return seconds;
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return bounded(Duration.between(now, date));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable Duration millis(String value, int pointToTheRight) {
        if (!value.matches("\\d{1,12}(\\.\\d{1,6})?")) {
            return null;
        }
        return bounded(Duration.ofMillis(
                new BigDecimal(value).movePointRight(pointToTheRight).longValue()));
    }

    private static @Nullable Duration bounded(Duration wait) {
        if (!wait.isPositive()) {
            return null;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
