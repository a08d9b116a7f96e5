package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Seen;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.stack.Part;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever is killed in the middle, the answer arrives whole, once, in order, for a client that only stays connected.
 */
@ExtendWith(LogsOnFailure.class)
class KillE2E {
    private final Stack stack = Target.stack();
    private final Scene scene = new Scene(stack);

    @AfterEach
    void heal() {
        scene.close();
        stack.heal();
    }

    private static void assertWhole(Asked asked) {
        Message reply = asked.chat().awaitCompleted(asked.turn());
        assertThat(reply.text()).isEqualTo(asked.chat().expected(asked.turn(), Invariants.STUB_TOKENS));
    }

    @Test
    void anotherWorkerStartsAnewWhenAWorkerIsKilledWhileItWrites() {
        Asked asked = scene.askSlowly();
        asked.chat().awaitText(asked.turn(), 40);
        ProcessPart writer = scene.writer();
        long since = System.nanoTime();
        try (Fault _ = writer.killed()) {
            Seen started = scene.recovered(
                    "kill -9 of the Assistant, to the new attempt",
                    asked,
                    since,
                    seen -> seen.is("reply.started", asked.turn().replyId()));
            assertThat(started.event().path("attempt").asInt()).isEqualTo(2);
            scene.recovered(
                    "kill -9 of the Assistant, to its first words",
                    asked,
                    since,
                    seen -> seen.is("reply.delta", asked.turn().replyId()));
            assertWhole(asked);
        }

        assertThat(asked.chat().attempts(asked.turn())).isEqualTo(2);
        scene.check(2, List.of(asked));
    }

    @Test
    void onlyTheRepliesOfAKilledWorkerStartAnew() {
        List<Asked> asked = scene.askSlowly(8);
        try (Fault _ = stack.assistant(0).killed()) {
            asked.forEach(KillE2E::assertWhole);
        }

        for (Asked one : asked) {
            assertThat(scene.modelCalls(one)).isEqualTo((int) one.chat().attempts(one.turn()));
        }
        assertThat(asked)
                .anySatisfy(one -> assertThat(one.chat().attempts(one.turn())).isEqualTo(1));
        scene.check(
                1,
                asked.stream()
                        .filter(one -> one.chat().attempts(one.turn()) == 1)
                        .toList());
    }

    @Test
    void theSameAttemptGoesOnWhenRabbitIsKilledAndStartsAgain() {
        killAndRestart(stack.rabbit());
    }

    @Test
    void theSameAttemptGoesOnWhenRedisIsKilledAndStartsAgain() {
        killAndRestart(stack.redis());
    }

    private void killAndRestart(Part part) {
        List<Asked> asked = scene.askSlowly(4);
        long since = System.nanoTime();
        part.kill();
        long back = System.nanoTime();
        part.start();
        scene.recovered("kill -9 of " + part.name() + " and start", asked.getFirst(), since);
        scene.recovered("the start of " + part.name() + ", to progress", asked.getFirst(), back);
        asked.forEach(KillE2E::assertWhole);

        for (Asked one : asked) {
            assertThat(one.chat().attempts(one.turn())).isEqualTo(1);
        }
        scene.check(1, asked);
    }

    @Test
    void messagesSentWhileRabbitIsAwayAreAnsweredWhenItIsBack() {
        ParleyClient client = scene.newClient();
        List<Asked> asked = new ArrayList<>();
        try (Fault _ = stack.rabbit().killed()) {
            for (int i = 0; i < 3; i++) {
                Chat chat = client.newChat();
                asked.add(scene.ask(chat, "rate=200"));
                asked.add(scene.ask(chat, "rate=200"));
            }
            asked.forEach(one -> one.chat().awaitAccepted(one.turn()));
        }
        asked.forEach(KillE2E::assertWhole);
        scene.check(1, asked);
    }

    @Test
    void aMessageSentWhileRedisIsAwayIsAcceptedOnceItIsBack() {
        Chat chat = scene.newClient().newChat();
        Asked asked;
        try (Fault _ = stack.redis().killed()) {
            asked = scene.ask(chat, "rate=200");
            Scene.await(
                    "that it is not accepted", () -> !asked.turn().accepted().isDone());
        }
        assertWhole(asked);
        scene.check(1, List.of(asked));
    }

    @Test
    void theClientGoesOnAtTheOtherConversationWhenItsOwnIsKilled() {
        Asked asked = scene.askSlowly();
        asked.chat().awaitText(asked.turn(), 40);
        ProcessPart holder = scene.holder();
        long since = System.nanoTime();
        try (Fault _ = holder.killed()) {
            scene.recovered("kill -9 of the Conversation with the socket", asked, since);
            assertWhole(asked);
        }

        assertThat(asked.chat().attempts(asked.turn())).isEqualTo(1);
        scene.check(1, List.of(asked));
    }

    @Test
    void everyReplyGoesOnWhileOneConversationAfterTheOtherIsKilled() {
        for (ProcessPart conversation : stack.conversations()) {
            // Sixteen partitions, and eight people: each replica owns some of theirs, and holds some of their sockets.
            List<Asked> asked = scene.askSlowly(8);
            long since = System.nanoTime();
            try (Fault _ = conversation.killed()) {
                asked.forEach(one -> scene.recovered("kill -9 of " + conversation.name(), one, since));
                asked.forEach(KillE2E::assertWhole);
            }
            asked.forEach(one -> assertThat(one.chat().attempts(one.turn())).isEqualTo(1));
            scene.check(1, asked);
        }
    }

    @Test
    void theReplyGoesOnAfterEveryConversationWasKilled() {
        List<Asked> asked = scene.askSlowly(2);
        stack.conversations().forEach(ProcessPart::kill);
        stack.conversations().forEach(ProcessPart::launch);
        long since = System.nanoTime();
        stack.conversations().forEach(ProcessPart::awaitReady);
        scene.recovered("the start of every Conversation, its JVM included", asked.getFirst(), since);
        asked.forEach(KillE2E::assertWhole);

        asked.forEach(one -> assertThat(one.chat().attempts(one.turn())).isEqualTo(1));
        scene.check(1, asked);
    }

    @Test
    void aMessageIsAcceptedOnceThoughItsConversationIsKilledMeanwhile() {
        ParleyClient client = scene.newClient();
        Chat chat = client.newChat();
        chat.awaitSubscribed();
        List<Asked> asked = new ArrayList<>();
        ProcessPart holder = scene.holder();
        for (int i = 0; i < 10; i++) {
            asked.add(scene.ask(chat, "rate=400"));
        }
        try (Fault _ = holder.killed()) {
            asked.forEach(KillE2E::assertWhole);
        }

        assertThat(chat.messages()).hasSize(20);
        scene.check(1, asked);
    }

    @Test
    void queuedMessagesAreAnsweredInOrderWhenWorkersAreBack() {
        stack.assistants().forEach(ProcessPart::kill);
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Chat chat = scene.newClient().newChat();
            for (int j = 0; j < 4; j++) {
                asked.add(scene.ask(chat, "rate=200"));
            }
        }
        asked.forEach(one -> one.chat().awaitAccepted(one.turn()));
        assertThat(asked).allSatisfy(one -> assertThat(one.chat().open()).isNotEmpty());
        stack.assistants().forEach(ProcessPart::launch);
        long since = System.nanoTime();
        scene.recovered("the start of every Assistant, its JVM included", asked.getFirst(), since);
        asked.forEach(KillE2E::assertWhole);
        scene.check(1, asked);
    }

    @Test
    void theClientGoesOnWhenNginxIsKilledAndStartsAgain() {
        List<Asked> asked = scene.askSlowly(3);
        stack.nginx().kill();
        stack.nginx().start();
        long since = System.nanoTime();
        scene.recovered("the start of nginx", asked.getFirst(), since);
        asked.forEach(KillE2E::assertWhole);

        asked.forEach(one -> assertThat(one.chat().attempts(one.turn())).isEqualTo(1));
        scene.check(1, asked);
    }
}
