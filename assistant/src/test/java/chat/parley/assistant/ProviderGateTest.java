package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.assistant.ProviderGate.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ProviderGateTest {
    /** Not so soon that it could come before the watcher has heard that the gate is shut. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Duration LATE = Duration.ofMinutes(1);

    private final Resumption resumption =
            new Resumption(new AssistantProperties.Resume(1, Duration.ofMinutes(1)), System::nanoTime);
    private final List<State> changes = new CopyOnWriteArrayList<>();

    private ProviderGate gate(Duration probeAfter) {
        ProviderGate gate = new ProviderGate(new AssistantProperties.Breaker(4, probeAfter), resumption);
        gate.watch(() -> changes.add(gate.state()));
        return gate;
    }

    /** Until who watches has heard of it, too: the state is changed before. */
    private void awaitProbe() {
        await().until(() -> changes.contains(State.PROBING));
    }

    private static void fail(ProviderGate gate, int times) {
        for (int call = 0; call < times; call++) {
            assertThat(gate.tryEnter()).isTrue();
            gate.unreachable();
        }
    }

    @Test
    void shutsAfterAFewFailures() {
        ProviderGate gate = gate(LATE);
        fail(gate, 3);
        assertThat(gate.state()).isEqualTo(State.OPEN);
        fail(gate, 1);
        assertThat(gate.state()).isEqualTo(State.SHUT);
        assertThat(changes).containsExactly(State.SHUT);
        assertThat(gate.tryEnter()).isFalse();
    }

    @Test
    void staysOpenWhileSomeCallsAreAnswered() {
        ProviderGate gate = gate(LATE);
        for (int round = 0; round < 10; round++) {
            fail(gate, 3);
            assertThat(gate.tryEnter()).isTrue();
            gate.answered();
        }
        assertThat(changes).isEmpty();
    }

    @Test
    void letsOneCallTryAndOpensIfItIsAnswered() {
        ProviderGate gate = gate(SOON);
        fail(gate, 4);
        awaitProbe();
        assertThat(gate.tryEnter()).isTrue();
        assertThat(gate.tryEnter()).isFalse();
        assertThat(resumption.takeTurn()).isZero();
        gate.answered();
        assertThat(changes).containsExactly(State.SHUT, State.PROBING, State.OPEN);
        assertThat(resumption.takeTurn()).isPositive();
    }

    @Test
    void shutsAgainIfThatOneFails() {
        ProviderGate gate = gate(SOON);
        fail(gate, 4);
        awaitProbe();
        fail(gate, 1);
        assertThat(changes).startsWith(State.SHUT, State.PROBING, State.SHUT);
    }

    @Test
    void triesTheNextCallIfThatOneSaidNothing() {
        ProviderGate gate = gate(SOON);
        fail(gate, 4);
        awaitProbe();
        assertThat(gate.tryEnter()).isTrue();
        gate.unknown();
        assertThat(gate.tryEnter()).isTrue();
    }
}
