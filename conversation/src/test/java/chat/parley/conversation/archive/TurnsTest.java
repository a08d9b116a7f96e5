package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.Id;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns(2, "You are at it", "Others are at it");

    private void isRefused(String user, String why) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> turns.take(new Id(user)))
                .withMessage(why + "; please try again in a few seconds.")
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
                    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(5));
                });
    }

    @Test
    void givesEachUserOnePlaceOfAFew() {
        Turns.Turn first = turns.take(new Id("a"));
        isRefused("a", "You are at it");
        Turns.Turn second = turns.take(new Id("b"));
        isRefused("c", "Others are at it");

        first.close();
        Turns.Turn third = turns.take(new Id("c"));
        isRefused("a", "Others are at it");

        second.close();
        third.close();
        turns.take(new Id("a"));
        turns.take(new Id("b"));
    }
}
