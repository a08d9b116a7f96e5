package chat.parley.conversation.search;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes texts the same that differ in case, accents or width only: {@code É} and {@code e}, {@code ß} and {@code ss},
 * {@code ﬁ} and {@code fi}, a full-width {@code Ａ} and {@code a}. Marks that make another sound or word, as the vowels
 * of Indic scripts, stay.
 */
final class Folding {
    /** Letters with a stroke and ligatures, which Unicode takes for letters of their own. */
    private static final Map<Integer, String> LETTERS = Map.ofEntries(
            Map.entry((int) 'ø', "o"),
            Map.entry((int) 'ł', "l"),
            Map.entry((int) 'đ', "d"),
            Map.entry((int) 'ð', "d"),
            Map.entry((int) 'þ', "th"),
            Map.entry((int) 'ħ', "h"),
            Map.entry((int) 'ŧ', "t"),
            Map.entry((int) 'æ', "ae"),
            Map.entry((int) 'œ', "oe"),
            // Of the capital one, which has itself as upper case.
            Map.entry((int) 'ß', "ss"));

    private static final int TATWEEL = 0x640;
    private static final int PLANE = 0x10000;
    /** Single characters that were met before: to fold one takes about as long as to read a word. */
    private static final @Nullable String[] KNOWN = new String[PLANE];

    private Folding() {}

    /** Folds one character with the marks that follow it; empty if nothing is left of it. */
    static String fold(String cluster) {
        if (cluster.length() != 1) {
            return compute(cluster);
        }
        // Threads may both compute it, and get the same.
        String known = KNOWN[cluster.charAt(0)];
        if (known == null) {
            known = compute(cluster);
            KNOWN[cluster.charAt(0)] = known;
        }
        return known;
    }

    private static String compute(String cluster) {
        StringBuilder bare = new StringBuilder();
        Normalizer.normalize(cluster, Form.NFKD)
                .codePoints()
                .filter(c -> !isDropped(c))
                .forEach(bare::appendCodePoint);
        StringBuilder folded = new StringBuilder();
        // By way of upper case, so that all that have the same one are the same: ß and ss, ς and σ, ı and i.
        bare.toString()
                .toUpperCase(Locale.ROOT)
                .codePoints()
                .map(Character::toLowerCase)
                .forEach(c -> {
                    String letters = LETTERS.get(c);
                    if (letters == null) {
                        folded.appendCodePoint(c);
                    } else {
                        folded.append(letters);
                    }
                });
        return Normalizer.normalize(folded, Form.NFC);
    }

    /** Accents, the vowel points of Arabic and Hebrew, what only stretches a word, and what has no look of its own. */
    private static boolean isDropped(int character) {
        return (character >= 0x300 && character <= 0x36f)
                || (character >= 0x591 && character <= 0x5c7)
                || (character >= 0x64b && character <= 0x65f)
                || character == 0x670
                || character == TATWEEL
                || (character >= 0x1f3fb && character <= 0x1f3ff)
                || (character >= 0xfe00 && character <= 0xfe0f)
                || Character.getType(character) == Character.FORMAT;
    }
}
