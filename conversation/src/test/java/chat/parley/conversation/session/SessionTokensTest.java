package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.Id;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTokensTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Session SESSION = Session.guest(new Id("user-1"), new Id("session-1"), NOW.plusSeconds(60));
    private static final Session SIGNED_IN = new Session(
            new Id("user-1"), new Id("session-1"), NOW.plusSeconds(60), 7, person("Ada. \u00c5\ud83d\ude00"));

    private final SessionTokens tokens = new SessionTokens("a secret of some length");

    @Test
    void readsWhatItWrote() {
        assertThat(tokens.read(tokens.write(SESSION), NOW)).contains(SESSION);
        assertThat(tokens.read(tokens.write(SIGNED_IN), NOW)).contains(SIGNED_IN);
    }

    @Test
    void writesAGuestAsTheVersionsBeforeSignInDid() {
        assertThat(tokens.write(SESSION))
                .startsWith("1.user-1.session-1." + SESSION.expiresAt().getEpochSecond() + ".");
    }

    @Test
    void readsALongName() {
        Session longest = new Session(Id.random(), Id.random(), NOW.plusSeconds(60), 7, person("\u20ac".repeat(80)));

        assertThat(tokens.read(tokens.write(longest), NOW)).contains(longest);
    }

    @Test
    void takesNothingElseThatWasSealed() {
        assertThat(tokens.read(tokens.seal().close("sign-in.user-1.session-1.9999999999"), NOW))
                .isEmpty();
    }

    @Test
    void refusesATokenAtItsExpiry() {
        String token = tokens.write(SESSION);

        assertThat(tokens.read(token, NOW.plusSeconds(59))).contains(SESSION);
        assertThat(tokens.read(token, NOW.plusSeconds(60))).isEmpty();
    }

    @Test
    void refusesATokenOfAnotherSecret() {
        assertThat(new SessionTokens("another secret of some length").read(tokens.write(SESSION), NOW))
                .isEmpty();
    }

    @Test
    void refusesATokenOfWhichAnyCharacterWasChanged() {
        refusesWhereAnyCharacterWasChanged(tokens.write(SESSION));
        refusesWhereAnyCharacterWasChanged(tokens.write(SIGNED_IN));
    }

    private void refusesWhereAnyCharacterWasChanged(String token) {
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'x' ? 'y' : 'x';
            String forged = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(tokens.read(forged, NOW)).as(forged).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "....", "1.u.s.9999999999", "1.u.s.9999999999.", "nonsense"})
    void refusesWhatIsNoToken(String token) {
        assertThat(tokens.read(token, NOW)).isEmpty();
    }

    private static Person person(String name) {
        return Person.of("https://login.example.com", "ada", List.of(name));
    }
}
