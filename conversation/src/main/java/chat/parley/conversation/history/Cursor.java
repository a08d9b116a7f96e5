package chat.parley.conversation.history;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in one conversation's log.
 *
 * @param seq the event that it stands behind; 0 is before the first
 * @param mark what tells this log from an older copy or another one: 16 hexadecimal digits, stored with the event;
 *     {@code 0} for the start
 */
public record Cursor(long seq, String mark) {
    /** Before the first event of any conversation. */
    public static final Cursor START = new Cursor(0, "0");

    private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,15})\\.([0-9a-f]{1,16})");

    /** Reads what {@link #toString} wrote; empty if it is no cursor. */
    public static Optional<Cursor> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Cursor(Long.parseLong(matcher.group(1)), matcher.group(2)));
    }

    @JsonValue
    @Override
    public String toString() {
        return seq + "." + mark;
    }
}
