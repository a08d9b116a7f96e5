package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.Id;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTokensTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Session SESSION = new Session(new Id("user-1"), new Id("session-1"), NOW.plusSeconds(60));

    private final SessionTokens tokens = new SessionTokens("a secret of some length");

    @Test
    void readsWhatItWrote() {
        assertThat(tokens.read(tokens.write(SESSION), NOW)).contains(SESSION);
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
        String token = tokens.write(SESSION);

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
}
