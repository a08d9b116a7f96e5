package chat.parley.assistant;

/**
 * Makes pieces of text that begin and end between characters from pieces that a model cut anywhere. What is not a
 * character at all, half a surrogate pair, becomes U+FFFD, because it can't be written as UTF-8. Keeps the length: each
 * UTF-16 unit that goes in comes out as one. Not thread-safe.
 */
final class SurrogateJoiner {
    private static final char REPLACEMENT = '\uFFFD';
    private static final char NONE = 0;

    /** The first half of a pair that is still to be completed. */
    private char held = NONE;

    /** What can be said now; may be empty. */
    String add(String piece) {
        if (held == NONE && isPlain(piece)) {
            return piece;
        }
        StringBuilder joined = new StringBuilder(piece.length() + 1);
        for (int i = 0; i < piece.length(); i++) {
            add(piece.charAt(i), joined);
        }
        return joined.toString();
    }

    /** What was held back, now that nothing follows; mostly empty. */
    String end() {
        String rest = held == NONE ? "" : String.valueOf(REPLACEMENT);
        held = NONE;
        return rest;
    }

    private void add(char unit, StringBuilder joined) {
        if (held != NONE) {
            boolean completes = Character.isLowSurrogate(unit);
            joined.append(completes ? held : REPLACEMENT);
            held = NONE;
            if (completes) {
                joined.append(unit);
                return;
            }
        }
        if (Character.isHighSurrogate(unit)) {
            held = unit;
        } else {
            joined.append(Character.isLowSurrogate(unit) ? REPLACEMENT : unit);
        }
    }

    private static boolean isPlain(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            if (Character.isSurrogate(piece.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
