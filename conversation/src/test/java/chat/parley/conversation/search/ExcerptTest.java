package chat.parley.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    private static Excerpt of(String text, String typed) {
        return Excerpt.of(text, Wanted.of(typed, 32).find(Words.of(text)));
    }

    private static List<String> marked(Excerpt excerpt) {
        return excerpt.marks().stream()
                .map(mark -> excerpt.text().substring(mark.from(), mark.to()))
                .toList();
    }

    @Test
    void showsWhatIsAroundTheFirstHitWithBlanksAsOne() {
        Excerpt excerpt = of("Far ".repeat(50) + "\n\n  an old  GREY\twhale " + "away ".repeat(50), "grey whale");

        assertThat(excerpt.text()).startsWith("…").endsWith("…").contains("far an old GREY whale away".substring(3));
        assertThat(excerpt.text().length()).isLessThan(300);
        assertThat(marked(excerpt)).containsExactly("GREY", "whale");
    }

    @Test
    void showsAShortMessageWhole() {
        Excerpt excerpt = of("  Grey \n whales ", "\"grey whales\"");

        assertThat(excerpt).isEqualTo(new Excerpt("Grey whales", List.of(new Mark(0, 11))));
    }

    @Test
    void dividesNoPair() {
        String pairs = "𠮷".repeat(200);

        assertThat(of("a" + pairs + " whale " + pairs + "a", "whale").text()).doesNotContainPattern("[^𠮷whale …]");
        assertThat(of(pairs + " whale " + pairs, "whale").text()).doesNotContainPattern("[^𠮷whale …]");
    }

    @Test
    void leavesOutMarksThatAreTooFarAway() {
        Excerpt excerpt = of("whale " + "x ".repeat(500) + "grey", "grey whale");

        assertThat(marked(excerpt)).containsExactly("whale");
    }

    /** A phrase may go on for as long as somebody can type. */
    @Test
    void cutsAMarkThatIsLonger() {
        Excerpt excerpt = of("a b ".repeat(300), "\"" + "a b ".repeat(200).strip() + "\"");

        assertThat(excerpt.text().length()).isLessThan(400);
        assertThat(excerpt.marks()).isNotEmpty();
    }
}
