package chat.parley.conversation.search;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a text into words: runs of letters and digits. Chinese, Japanese and Korean have no blanks where one would look
 * for them, so each of their characters is a word; so is each picture. All else is only between words.
 */
final class Words {
    /** A longer one is no word but data; it is cut. */
    private static final int LONGEST = 1000;
    /** Most marks that belong to one character. */
    private static final int MARKS = 16;

    private static final int FIRST_EAST_ASIAN = 0x1100;
    private static final int LONG_VOWEL = 0x30fc;

    private final String text;
    private final List<Word> words = new ArrayList<>();
    private final StringBuilder folded = new StringBuilder();
    private int[] starts = new int[32];
    /** Where what was read last of the word ends. */
    private int end;

    private Words(String text) {
        this.text = text;
    }

    private enum Kind {
        LETTER,
        ALONE,
        BETWEEN
    }

    /** The words of a text in their order. */
    static List<Word> of(String text) {
        return new Words(text).cut();
    }

    private List<Word> cut() {
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            int next = afterMarks(at + Character.charCount(character));
            switch (kind(character)) {
                case LETTER -> add(at, next);
                case ALONE -> {
                    finish(false);
                    add(at, next);
                    finish(true);
                }
                case BETWEEN -> finish(false);
            }
            at = next;
        }
        finish(false);
        return words;
    }

    private void add(int from, int to) {
        if (to - from == 1 && text.charAt(from) < 0x80) {
            append(Character.toLowerCase(text.charAt(from)), from);
        } else {
            String cluster = Folding.fold(text.substring(from, to));
            for (int i = 0; i < cluster.length(); i++) {
                append(cluster.charAt(i), from);
            }
        }
        end = to;
        if (folded.length() >= LONGEST) {
            finish(false);
        }
    }

    private void append(char unit, int from) {
        if (folded.length() == starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        starts[folded.length()] = from;
        folded.append(unit);
    }

    private void finish(boolean alone) {
        if (!folded.isEmpty()) {
            words.add(new Word(folded.toString(), Arrays.copyOf(starts, folded.length()), end, alone));
            folded.setLength(0);
        }
    }

    private int afterMarks(int at) {
        int after = at;
        for (int i = 0; i < MARKS && after < text.length() && text.charAt(after) >= 0x80; i++) {
            int character = text.codePointAt(after);
            if (!isMark(character)) {
                break;
            }
            after += Character.charCount(character);
        }
        return after;
    }

    /** Whether it belongs to the character before it. */
    private static boolean isMark(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT -> true;
            default ->
                // The vowels and last consonants of Korean in pieces, half-width marks of Japanese, colours of skin.
                (character >= 0x1160 && character <= 0x11ff)
                        || character == 0xff9e
                        || character == 0xff9f
                        || (character >= 0x1f3fb && character <= 0x1f3ff);
        };
    }

    private static Kind kind(int character) {
        if (character < 0x80) {
            return Character.isLetterOrDigit(character) ? Kind.LETTER : Kind.BETWEEN;
        }
        return switch (Character.getType(character)) {
            case Character.OTHER_SYMBOL -> Kind.ALONE;
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.LETTER_NUMBER -> isEastAsian(character) ? Kind.ALONE : Kind.LETTER;
            case Character.DECIMAL_DIGIT_NUMBER,
                    Character.OTHER_NUMBER,
                    // At the beginning of a text they have nothing to belong to.
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK -> Kind.LETTER;
            default -> Kind.BETWEEN;
        };
    }

    private static boolean isEastAsian(int character) {
        if (character < FIRST_EAST_ASIAN) {
            return false;
        }
        return switch (UnicodeScript.of(character)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL -> true;
            default -> character == LONG_VOWEL;
        };
    }
}
