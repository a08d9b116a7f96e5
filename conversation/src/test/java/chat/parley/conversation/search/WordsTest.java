package chat.parley.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    private static List<String> folded(String text) {
        return Words.of(text).stream().map(Word::folded).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "CAFÉ, cafe",
        "cafe\u0301, cafe",
        "Straße, strasse",
        "STRAẞE, strasse",
        "ﬁnal, final",
        "Ｆｕｌｌ, full",
        "ΆΛΦΑΣ, αλφας",
        "άλφας, ΑΛΦΑΣ",
        "İstanbul, istanbul",
        "ısı, ISI",
        "Łódź, lodz",
        "smørrebrød, smorrebrod",
        "Œuvre, oeuvre",
        "ёлка, елка",
        "كِتَاب, كتاب",
        "שָׁלוֹם, שלום",
        "soft\u00adhyphen, softhyphen",
        "㎏, kg",
        "m², m2",
        "ｶﾞｽ, ガス",
        "か\u3099, が",
        "\u1112\u1161\u11ab, 한"
    })
    void makesTheSameWhatDiffersInCaseAccentsOrWidthOnly(String one, String other) {
        assertThat(folded(one)).isEqualTo(folded(other)).isNotEmpty();
    }

    @Test
    void keepsApartWhatIsAnotherSound() {
        assertThat(folded("か")).isNotEqualTo(folded("が"));
        assertThat(folded("की")).isNotEqualTo(folded("क"));
    }

    @Test
    void cutsAtAllThatIsNoLetterOrDigit() {
        assertThat(folded("foo.bar(a_1) -- \"x\"\t*y*\u00a0z")).containsExactly("foo", "bar", "a", "1", "x", "y", "z");
        assertThat(folded(" \n.,;*?~^:\\/()[]{}!")).isEmpty();
        assertThat(folded("")).isEmpty();
    }

    @Test
    void takesEachEastAsianCharacterAndEachPictureForAWord() {
        assertThat(folded("GPT模型、コード한국😀👍🏽!")).containsExactly("gpt", "模", "型", "コ", "ー", "ド", "한", "국", "😀", "👍");
    }

    @Test
    void saysWhereEachWordStands() {
        String text = "Die Straße, 𠮷!";

        List<String> there = Words.of(text).stream()
                .map(word -> text.substring(word.from(), word.to()))
                .toList();

        assertThat(there).containsExactly("Die", "Straße", "𠮷");
    }

    @Test
    void cutsWhatIsNoWordButData() {
        List<Word> words = Words.of("x".repeat(70_000));

        assertThat(words)
                .hasSize(70)
                .allSatisfy(word -> assertThat(word.folded()).hasSize(1000));
    }

    @Test
    void standsAnyNumberOfMarksAndHalvesOfPairs() {
        assertThat(folded("a" + "\u0301".repeat(10_000) + "b")).containsExactly("ab");
        assertThat(folded("\u0301a")).containsExactly("a");
        assertThat(folded("a\ud83d b\ude00")).containsExactly("a", "b");
    }

    /** What is in the index was folded once, and so was what is looked for. */
    @Test
    void foldsEveryCharacterToSomethingThatStaysTheSame() {
        for (int character = 1; character < 0x20000; character++) {
            if (character < 0xd800 || character > 0xdfff) {
                String folded = Folding.fold(Character.toString(character));
                StringBuilder again = new StringBuilder();
                folded.codePoints().forEach(one -> again.append(Folding.fold(Character.toString(one))));
                assertThat(again.toString()).as("U+%04X".formatted(character)).isEqualTo(folded);
            }
        }
    }
}
