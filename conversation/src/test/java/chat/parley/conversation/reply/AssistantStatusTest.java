package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.reply.AssistantStatus.State;
import chat.parley.conversation.reply.AssistantStatus.Status;
import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.Id;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssistantStatusTest {
    private final AssistantStatus status = new AssistantStatus(ReplyPropertiesTest.settings());

    @Test
    void isDownWithoutAWorker() {
        assertThat(status.current()).isEqualTo(new Status(State.DOWN, 0, 0, false));
        assertThat(status.models()).isEmpty();
    }

    @Test
    void isUpWithAWorkerThatTakesRequests() {
        status.on(worker("a", true, false, "small"));
        status.on(worker("b", false, false, "small"));

        assertThat(status.current()).isEqualTo(new Status(State.UP, 2, 0, false));
    }

    @Test
    void isDegradedWhileTheProviderIsDownForAllThatStay() {
        status.on(worker("a", false, false, "small"));
        status.on(worker("b", true, true, "small"));

        assertThat(status.current().state()).isEqualTo(State.DEGRADED);
    }

    @Test
    void isDownWhileAllWorkersStop() {
        status.on(worker("a", false, true, "small"));
        status.on(worker("b", true, true, "small"));

        assertThat(status.current()).isEqualTo(new Status(State.DOWN, 2, 0, false));
    }

    @Test
    void forgetsAWorkerThatFellSilent() {
        AssistantStatus quick = new AssistantStatus(ReplyPropertiesTest.settings("worker-silence", "20ms"));
        quick.on(worker("a", true, false, "small"));

        await().until(() -> {
            quick.refresh();
            return quick.current().state() == State.DOWN;
        });
        assertThat(quick.models()).isEmpty();
    }

    @Test
    void saysWhatMayBeAskedForTheUsualDefaultFirst() {
        status.on(worker("a", true, false, "large", "small"));
        status.on(worker("b", true, false, "small", "large"));
        status.on(worker("c", true, false, "small", "odd"));

        assertThat(status.models()).containsExactly("small", "large", "odd");
    }

    @Test
    void saysThatADemoModelAnswers() {
        status.on(new WorkerAnnounced(new Id("a"), List.of("demo"), true, 0, 4, true, false));

        assertThat(status.current().demo()).isTrue();
    }

    @Test
    void countsWhatTheWorkersRunAtOnce() {
        assertThat(status.capacity()).isZero();
        status.on(worker("a", true, false, "small"));
        status.on(worker("b", false, false, "small"));
        status.on(worker("c", true, true, "small"));

        assertThat(status.capacity()).isEqualTo(8);
    }

    @Test
    void tellsListenersOfChangesOnly() {
        List<Status> heard = new ArrayList<>();
        status.onChange(heard::add);

        status.on(worker("a", true, false, "small"));
        status.on(worker("a", true, false, "small"));
        status.waiting(3);
        status.waiting(3);

        assertThat(heard).containsExactly(new Status(State.UP, 1, 0, false), new Status(State.UP, 1, 3, false));
    }

    @Test
    void spellsStatesInLowerCase() {
        assertThat(State.values()).extracting(State::json).containsExactly("up", "degraded", "down");
    }

    private static WorkerAnnounced worker(String id, boolean providerUp, boolean stopping, String... models) {
        return new WorkerAnnounced(new Id(id), List.of(models), false, 0, 4, providerUp, stopping);
    }
}
