package chat.parley.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The name of a user, conversation, message, reply or worker: 1 to 64 characters of {@code A-Z a-z 0-9 _ -}. Ids are
 * not secret, and an id of a conversation, message or reply means something only together with its owner.
 */
public record Id(@JsonValue String value) implements Comparable<Id> {
    /** Longest id, in characters. */
    public static final int MAX_LENGTH = 64;

    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is not an id
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Id {
        if (!isValid(value)) {
            throw new IllegalArgumentException("An id has 1 to 64 characters of A-Z a-z 0-9 _ -");
        }
    }

    /** Makes a new id from 128 random bits: 32 hexadecimal digits. */
    public static Id random() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        return new Id(HexFormat.of().formatHex(bits));
    }

    /** Tells whether the text may be an id. */
    public static boolean isValid(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) {
            return false;
        }
        return text.chars().allMatch(Id::isIdCharacter);
    }

    private static boolean isIdCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    @Override
    public int compareTo(Id other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
