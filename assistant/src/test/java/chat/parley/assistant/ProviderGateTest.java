package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.assistant.ProviderGate.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProviderGateTest {
    private final Resumption resumption =
            new Resumption(new AssistantProperties.Resume(1, Duration.ofMinutes(1)), System::nanoTime);
    private final ProviderGate gate =
            new ProviderGate(new AssistantProperties.Breaker(4, Duration.ofMillis(100)), resumption);
    private final List<State> changes = new CopyOnWriteArrayList<>();

    @BeforeEach
    void watch() {
        gate.watch(() -> changes.add(gate.state()));
    }

    private void fail(int times) {
        for (int call = 0; call < times; call++) {
            assertThat(gate.tryEnter()).isTrue();
            gate.unreachable();
        }
    }

    @Test
    void shutsAfterAFewFailures() {
        fail(3);
        assertThat(gate.state()).isEqualTo(State.OPEN);
        fail(1);
        assertThat(gate.state()).isEqualTo(State.SHUT);
        assertThat(changes).startsWith(State.SHUT);
        assertThat(gate.tryEnter()).isFalse();
    }

    @Test
    void staysOpenWhileSomeCallsAreAnswered() {
        for (int round = 0; round < 10; round++) {
            fail(3);
            assertThat(gate.tryEnter()).isTrue();
            gate.answered();
        }
        assertThat(changes).isEmpty();
    }

    @Test
    void letsOneCallTryAndOpensIfItIsAnswered() {
        fail(4);
        await().until(() -> gate.state() == State.PROBING);
        assertThat(gate.tryEnter()).isTrue();
        assertThat(gate.tryEnter()).isFalse();
        assertThat(resumption.takeTurn()).isZero();
        gate.answered();
        assertThat(changes).containsExactly(State.SHUT, State.PROBING, State.OPEN);
        assertThat(resumption.takeTurn()).isPositive();
    }

    @Test
    void shutsAgainIfThatOneFails() {
        fail(4);
        await().until(() -> gate.state() == State.PROBING);
        fail(1);
        assertThat(changes).startsWith(State.SHUT, State.PROBING, State.SHUT);
    }

    @Test
    void triesTheNextCallIfThatOneSaidNothing() {
        fail(4);
        await().until(() -> gate.state() == State.PROBING);
        assertThat(gate.tryEnter()).isTrue();
        gate.unknown();
        assertThat(gate.tryEnter()).isTrue();
    }
}
