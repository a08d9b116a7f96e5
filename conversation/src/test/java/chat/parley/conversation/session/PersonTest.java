package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.Id;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersonTest {
    @Test
    void isCalledByTheFirstNameThatHasSomethingToShow() {
        assertThat(name(" \t", "", "ada", "Ada")).isEqualTo("ada");
        assertThat(name("Ada Lovelace", "ada")).isEqualTo("Ada Lovelace");
        assertThat(name("", "\u0000")).isEqualTo("User");
        assertThat(name()).isEqualTo("User");
    }

    @Test
    void hasNothingInTheNameThatIsNotSeen() {
        assertThat(name("A\u0000d\u001b[31ma\r\n\u2028 \u202eL\u200f\ud800ace\u0085"))
                .isEqualTo("Ad[31ma Lace");
        assertThat(name("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \ud83d\udc69\u200d\ud83d\ude80"))
                .isEqualTo("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \ud83d\udc69\u200d\ud83d\ude80");
    }

    @Test
    void hasAtMost80CharactersAndNoHalfOfOne() {
        assertThat(name("a".repeat(200))).isEqualTo("a".repeat(80));
        assertThat(name("a".repeat(79) + "\ud83d\ude00")).isEqualTo("a".repeat(79));
        assertThat(name("a".repeat(78) + "\ud83d\ude00b")).isEqualTo("a".repeat(78) + "\ud83d\ude00");
    }

    @Test
    void hasAnAccountOfItsOwnAtEachProvider() {
        assertThat(account("https://a", "1"))
                .isEqualTo(Person.of("https://a", "1", List.of("Ada")).account())
                .isNotEqualTo(account("https://a1", ""))
                .isNotEqualTo(account("https://b", "1"))
                .isNotEqualTo(account("https://a", "2"));
        assertThat(account("https://a", "ada@example.com").value()).doesNotContain("ada");
    }

    private static String name(String... names) {
        return Person.of("https://a", "1", List.of(names)).name();
    }

    private static Id account(String issuer, String subject) {
        return Person.of(issuer, subject, List.of()).account();
    }
}
