package chat.parley.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WantedTest {
    private static final int MOST = 32;

    /** What is marked in a text, each in brackets; the text alone if it is not found. */
    private static String marked(String typed, String text) {
        StringBuilder marked = new StringBuilder(text);
        List<Mark> marks = Wanted.of(typed, MOST).find(Words.of(text));
        for (Mark mark : marks.reversed()) {
            marked.insert(mark.to(), ']').insert(mark.from(), '[');
        }
        return marked.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "whale                | Grey [whale]s and a [whale]",
                "whale grey           | [Grey] [whale]s",
                "whale blue           | Grey whales",
                "fisch                | Der Wal[fisch]fang",
                "strasse              | Die [Straße]nbahn",
                "s                    | [S]tra[ß]e"
            })
    void findsWordsInsideOfLongerOnes(String typed, String marked) {
        assertThat(marked(typed, marked.replaceAll("[\\[\\]]", ""))).isEqualTo(marked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "'\"old grey whale\"'  | 'An [old, grey *whale]*.'",
                "'\"grey old\"'        | An old grey whale",
                "'\"old grey\"'        | An old greyish whale",
                "'\"old grey'          | An [old grey]ish whale",
                "'\"ld grey'           | An old greyish whale",
                "'\"grey\"'            | '[Grey], greyish'",
                "'„old grey“ whale'    | '[old grey] [whale]s'",
                "'«old grey»'          | '[old grey]'"
            })
    void findsPhrasesBetweenQuotationMarks(String typed, String marked) {
        assertThat(marked(typed, marked.replaceAll("[\\[\\]]", ""))).isEqualTo(marked);
    }

    @ParameterizedTest
    @CsvSource({
        "foo.bar, a [foo(bar])",
        "oo.ba, a f[oo-ba]r",
        "foo.bar, foo and bar",
        "c++, [c]",
        "日本, [日本]語と[日本]酒",
        "本, 日[本]語",
        "日語, 日本語",
        "gpt模, Chat[GPT模]型",
        "한국, [한국]어",
        "😀, Yes [😀]!"
    })
    void findsWhatIsTypedWithoutBlanks(String typed, String marked) {
        assertThat(marked(typed, marked.replaceAll("[\\[\\]]", ""))).isEqualTo(marked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\"", "\"\"", "***", "?", "\" \"", "(", "\\", "“”", "\u0301 \ud83d"})
    void looksForNothingWhereNoWordIsTyped(String typed) {
        assertThat(Wanted.of(typed, MOST).isEmpty()).isTrue();
    }

    @Test
    void looksAtNoMoreWordsThanItMay() {
        String typed = "a b c d";

        assertThat(Wanted.of(typed, 2).parts()).hasSize(2);
        assertThat(Wanted.of("x x x x", 2).parts()).hasSize(1);
        // Those that are nothing but themselves cost next to nothing.
        assertThat(Wanted.of("\"a\" \"b\" \"c\"", 2).parts()).hasSize(3);
    }

    /** Whatever is looked for: what is marked is what was looked for, also in the excerpt. */
    @Test
    void marksWhatFoldsToWhatIsLookedFor() {
        List<String> pieces = List.of(
                "Straße",
                "ﬁsch",
                "café",
                "cafe\u0301",
                "日本語",
                "😀",
                "한국어",
                "ΆΛΦΑ",
                "İ",
                "x",
                "Wal",
                " ",
                " ",
                "\n\n",
                ". ",
                "\u00a0",
                "Ｆｕｌｌ",
                "e\u0301\u0302",
                "𠮷",
                "ŉ",
                "١٢",
                "हिन्दी");
        Random random = new Random(20);
        for (int i = 0; i < 20_000; i++) {
            String text = random.ints(1 + random.nextInt(60), 0, pieces.size())
                    .mapToObj(pieces::get)
                    .collect(Collectors.joining());
            List<Word> words = Words.of(text);
            if (words.isEmpty()) {
                continue;
            }
            String whole = words.get(random.nextInt(words.size())).folded();
            int from = random.nextInt(whole.length());
            String part = whole.substring(from, from + 1 + random.nextInt(whole.length() - from));
            if (Words.of(part).size() != 1
                    || !Words.of(part).getFirst().folded().equals(part)) {
                continue;
            }

            List<Mark> marks = Wanted.of(part, MOST).find(words);
            Excerpt excerpt = Excerpt.of(text, marks);

            assertThat(excerpt.marks()).isNotEmpty();
            List<String> found = new ArrayList<>();
            marks.forEach(mark -> found.add(text.substring(mark.from(), mark.to())));
            found.add(excerpt.text()
                    .substring(
                            excerpt.marks().getFirst().from(),
                            excerpt.marks().getFirst().to()));
            assertThat(found)
                    .allSatisfy(one -> assertThat(
                                    Words.of(one).stream().map(Word::folded).collect(Collectors.joining()))
                            .as("%s in %s".formatted(part, text))
                            .contains(part));
            assertThat(halves(excerpt.text())).isEqualTo(halves(text)).isZero();
        }
    }

    private static long halves(String text) {
        return text.codePoints()
                .filter(one -> one >= Character.MIN_SURROGATE && one <= Character.MAX_SURROGATE)
                .count();
    }
}
