package chat.parley.conversation.archive;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A form in which files have conversations. */
interface Format {
    boolean fits(JsonNode conversation);

    /**
     * Reads a conversation; whatever is not what it should be is passed over.
     *
     * @param note told of what has no place here, once for each
     */
    Draft read(JsonNode conversation, Note note);

    /** Hears of what has no place here. */
    interface Note {
        /**
         * One thing.
         *
         * @param detail what it is called where it comes from; may be empty
         */
        void add(Remark what, String detail);

        default void add(Remark what) {
            add(what, "");
        }
    }

    /** A text, or the empty one. */
    static String text(JsonNode value) {
        return value.isString() ? value.asString() : "";
    }

    /**
     * An instant as ISO-8601, or as seconds or milliseconds since 1970; null if it is none, or no one can have lived
     * it.
     */
    static @Nullable Instant time(JsonNode value) {
        Instant time = null;
        if (value.isString()) {
            try {
                time = Instant.parse(value.asString());
            } catch (DateTimeException e) {
                return null;
            }
        } else if (value.isNumber()) {
            double number = value.asDouble();
            time = Instant.ofEpochMilli(Math.round(number < FIRST_MILLISECONDS ? number * 1000 : number));
        }
        return time == null || time.isBefore(Instant.EPOCH) || time.isAfter(LATEST) ? null : time;
    }

    /** As seconds this is the year 5138, as milliseconds 1973. */
    double FIRST_MILLISECONDS = 1e11;

    Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
}
