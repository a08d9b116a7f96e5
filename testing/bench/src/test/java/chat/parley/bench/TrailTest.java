package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import chat.parley.e2e.stack.Hop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrailTest {
    private final Trail trail = new Trail("Who?", "r17");

    private void passes(Hop hop, boolean answer, String words, long at) {
        byte[] bytes = words.getBytes(StandardCharsets.UTF_8);
        trail.heard(hop, answer, bytes, bytes.length, at);
    }

    private void passesTheWholeWay() {
        passesUntilTheModelIsCalled();
        passes(Hop.ASSISTANT_STUB, true, "{\"content\":\"I\"}", 20);
        passesFromTheTokenOn(20);
    }

    private void passesUntilTheModelIsCalled() {
        passes(Hop.BROWSER_NGINX, false, "masked", 11);
        passes(Hop.NGINX_CONVERSATION, false, "masked", 12);
        passes(Hop.CONVERSATION_REDIS, false, "accept Who?", 13);
        passes(Hop.CONVERSATION_REDIS, true, "r17", 14);
        passes(Hop.CONVERSATION_REDIS, false, "$5\r\n65536\r\n", 15);
        passes(Hop.CONVERSATION_REDIS, true, "Who?", 16);
        passes(Hop.CONVERSATION_RABBIT, false, "Who?", 17);
        passes(Hop.ASSISTANT_RABBIT, true, "Who?", 18);
        passes(Hop.ASSISTANT_STUB, false, "Who?", 19);
    }

    private void passesFromTheTokenOn(long token) {
        passes(Hop.ASSISTANT_RABBIT, false, "reply.delta", token + 1);
        passes(Hop.CONVERSATION_RABBIT, true, "reply.delta", token + 2);
        passes(Hop.CONVERSATION_REDIS, false, "reply.delta", token + 3);
        passes(Hop.CONVERSATION_REDIS, true, "reply.delta", token + 4);
        passes(Hop.NGINX_CONVERSATION, true, "reply.delta", token + 5);
        passes(Hop.BROWSER_NGINX, true, "reply.delta", token + 6);
    }

    @Test
    void tellsHowLongEachStepTook() {
        passesTheWholeWay();

        List<Duration> steps = trail.steps(10, 30);

        assertThat(steps).hasSize(Mark.values().length + 1).endsWith(Duration.ofNanos(4));
        assertThat(steps.subList(0, Mark.values().length)).containsOnly(Duration.ofNanos(1));
    }

    @Test
    void takesNothingForAMarkBeforeItsTurnOrOnAnotherWay() {
        passes(Hop.BROWSER_NGINX, true, "reply.delta", 1); // of the reply before
        passes(Hop.BROWSER_NGINX, false, "masked", 2);
        passes(Hop.BROWSER_NGINX, false, "masked", 3);
        passes(Hop.CONVERSATION_REDIS, false, "accept Who?", 4); // nginx has not passed it on
        passes(Hop.NGINX_CONVERSATION, false, "masked", 5);
        passes(Hop.CONVERSATION_REDIS, false, "accept Where?", 6);
        passes(Hop.CONVERSATION_REDIS, true, "r18", 7);

        passesTheWholeWay();

        List<Duration> steps = trail.steps(0, 30);
        assertThat(steps.subList(0, 3))
                .containsExactly(Duration.ofNanos(2), Duration.ofNanos(3), Duration.ofNanos(13 - 5));
    }

    @Test
    void takesTheChunkThatSaysOnlyWhoSpeaksForNoToken() {
        passesUntilTheModelIsCalled();
        passes(Hop.ASSISTANT_STUB, true, "{\"role\":\"assistant\",\"content\":\"\"}", 20);
        passes(Hop.ASSISTANT_STUB, true, "{\"content\":\"I\"}", 25);
        passesFromTheTokenOn(25);

        assertThat(trail.steps(10, 40).get(List.of(Mark.values()).indexOf(Mark.TOKEN)))
                .isEqualTo(Duration.ofNanos(25 - 19));
    }

    @Test
    void saysWhichMarkWasNotSeen() {
        passes(Hop.BROWSER_NGINX, false, "masked", 11);

        assertThatIllegalStateException()
                .isThrownBy(() -> trail.steps(10, 30))
                .withMessageContaining("CONVERSATION_ASKED");
    }
}
