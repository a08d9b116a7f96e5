package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene;
import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.Seen;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.points.Point;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.table.Row.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What happens if a worker dies. */
final class AssistantRows {
    private static final int STRIKES = 5;

    private AssistantRows() {}

    static void addTo(Rows rows) {
        rows.add(
                        8,
                        "kill-before-model",
                        "kill -9 of an Assistant before it called the model",
                        AssistantRows::killBeforeModel,
                        Trait.SHORT)
                .add(
                        9,
                        "kill-before-first-token",
                        "kill -9 of an Assistant that waits for the first token",
                        AssistantRows::killBeforeFirstToken)
                .add(
                        10,
                        "kill-mid-stream",
                        "kill -9 of an Assistant, mid-stream",
                        AssistantRows::killMidStream,
                        Trait.SHORT)
                .addOn(
                        options -> options.assistant("ASSISTANT_CONCURRENCY", "5"),
                        10,
                        "kill-one-of-three",
                        "kill -9 of one Assistant while all of them write",
                        AssistantRows::killOneOfThree)
                .add(
                        11,
                        "kill-before-ack",
                        "kill -9 of an Assistant, the end confirmed and the request not acknowledged",
                        AssistantRows::killBeforeAck,
                        Trait.SHORT)
                .add(
                        12,
                        "freeze-assistant",
                        "SIGSTOP of an Assistant for 60 s, mid-stream, then SIGCONT",
                        AssistantRows::freeze)
                .add(
                        13,
                        "kill-all-assistants",
                        "kill -9 of every Assistant for 2 min, 20 requests queued",
                        AssistantRows::killAll,
                        Trait.SHORT)
                .add(14, "crash-loop", "a request that kills each worker that takes it", AssistantRows::crashLoop);
    }

    private static void killBeforeModel(Scene scene) {
        scene.awaitNoYoungConnection();
        List<ProcessPart> assistants = scene.stack().assistants();
        scene.arm(assistants, Point.BEFORE_MODEL, "");
        Asked asked = scene.ask(scene.newClient().newChat(), "rate=200");
        ProcessPart worker = scene.killAt(assistants, Point.BEFORE_MODEL);
        long since = System.nanoTime();
        scene.recovered("kill -9 of an Assistant, to the new attempt", asked, since, isStartOf(asked));
        asked.awaitWhole();
        worker.start();

        scene.check(1, List.of(asked));
    }

    private static void killBeforeFirstToken(Scene scene) {
        scene.awaitNoYoungConnection();
        // The worker is known by the point; the model is called once it goes on from there.
        List<ProcessPart> assistants = scene.stack().assistants();
        scene.arm(assistants, Point.BEFORE_MODEL, "");
        Asked asked = scene.ask(scene.newClient().newChat(), "delay=2s rate=200");
        ProcessPart worker = scene.awaitReached(assistants, Point.BEFORE_MODEL);
        assistants.forEach(one -> scene.stack().points(one).disarm());
        Scene.await("a call to the model", () -> scene.modelCalls(asked) == 1);
        long since = System.nanoTime();
        try (Fault _ = worker.killed()) {
            scene.recovered("kill -9 of an Assistant, to the new attempt", asked, since, isStartOf(asked));
            asked.awaitWhole();
        }
        scene.check(2, List.of(asked));
    }

    private static void killMidStream(Scene scene) {
        scene.awaitNoYoungConnection();
        Asked asked = scene.askSlowly();
        asked.awaitText(20 + scene.chance(300));
        ProcessPart writer = scene.writer();
        long since = System.nanoTime();
        try (Fault _ = writer.killed()) {
            scene.recovered("kill -9 of an Assistant, to the new attempt", asked, since, isStartOf(asked));
            scene.recovered(
                    "kill -9 of an Assistant, to its first words",
                    asked,
                    since,
                    seen -> seen.is("reply.delta", asked.turn().replyId()));
            asked.awaitWhole();
        }
        assertThat(asked.attempts()).isEqualTo(2);
        scene.check(2, List.of(asked));
    }

    private static Predicate<Seen> isStartOf(Asked asked) {
        return seen -> seen.is("reply.started", asked.turn().replyId());
    }

    /** There are more questions than one Assistant has slots for: some stay untouched, whichever is killed. */
    private static void killOneOfThree(Scene scene) {
        List<Asked> asked = scene.askSlowly(8);
        try (Fault _ = scene.oneOf(scene.stack().assistants()).killed()) {
            asked.forEach(Asked::awaitWhole);
        }
        for (Asked one : asked) {
            assertThat(scene.modelCalls(one)).isEqualTo(one.attempts());
        }
        List<Asked> untouched =
                asked.stream().filter(one -> one.attempts() == 1).toList();
        assertThat(untouched).isNotEmpty();
        scene.check(1, untouched);
    }

    private static void killBeforeAck(Scene scene) {
        List<ProcessPart> assistants = scene.stack().assistants();
        scene.arm(assistants, Point.BEFORE_ACK, "");
        Asked asked = scene.ask(scene.newClient().newChat(), "rate=200");
        ProcessPart worker = scene.killAt(assistants, Point.BEFORE_ACK);
        asked.awaitWhole();
        scene.check(1, List.of(asked));
        worker.start();
        assertThat(asked.attempts()).isEqualTo(1);
    }

    private static void freeze(Scene scene) {
        Duration outage = scene.time(Duration.ofSeconds(60), Duration.ofSeconds(12));
        Asked asked = scene.askSlowly();
        asked.awaitText(40);
        ProcessPart zombie = scene.writer();
        long since = System.nanoTime();
        try (Fault _ = zombie.paused()) {
            scene.recovered("SIGSTOP of an Assistant, to the new attempt", asked, since, isStartOf(asked));
            Scene.last(outage.minusNanos(System.nanoTime() - since));
        }
        asked.awaitWhole();
        Scene.await(
                "that nobody calls the model",
                () -> scene.stack().model().stats().path("open").asInt() == 0);

        assertThat(asked.attempts()).isEqualTo(2);
        // A request that was on its way to the frozen worker is begun when it wakes up, and told to stop at once.
        assertThat(scene.modelCalls(asked)).isBetween(2, 3);
        scene.checkInvariants(0, 0);
    }

    private static void killAll(Scene scene) {
        scene.stack().assistants().forEach(ProcessPart::kill);
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Chat chat = scene.newClient().newChat();
            for (int j = 0; j < 4; j++) {
                asked.add(scene.ask(chat, "rate=200"));
            }
        }
        asked.forEach(one -> one.chat().awaitAccepted(one.turn()));
        asked.forEach(one -> one.chat()
                .await(
                        "queued",
                        () -> one.chat().open().stream()
                                .anyMatch(reply ->
                                        reply.replyId().equals(one.turn().replyId()))));
        Scene.last(scene.time(Duration.ofMinutes(2), Duration.ofSeconds(2)));
        scene.stack().assistants().forEach(ProcessPart::launch);
        asked.forEach(Asked::awaitWhole);
        scene.stack().assistants().forEach(ProcessPart::awaitReady);

        scene.check(1, asked);
    }

    private static void crashLoop(Scene scene) {
        List<ProcessPart> assistants = scene.stack().assistants();
        Chat chat = scene.newClient().newChat();
        String poison = "Poison " + chat.id();
        scene.arm(assistants, Point.BEFORE_MODEL, poison);
        Asked asked = scene.asked(chat, chat.say(poison + " [[rate=200]]"), poison);
        List<Asked> neighbours = new ArrayList<>();
        for (int strike = 1; strike <= STRIKES; strike++) {
            neighbours.add(scene.ask(scene.newClient().newChat(), "rate=200"));
            ProcessPart worker = scene.awaitReached(assistants, Point.BEFORE_MODEL);
            worker.kill();
            scene.arm(List.of(worker), Point.BEFORE_MODEL, poison);
            worker.start();
        }
        // Its words are part of what is asked next in this conversation.
        assistants.forEach(one -> scene.stack().points(one).disarm());
        neighbours.forEach(Asked::awaitWhole);
        Message failed = chat.awaitEnd(asked.turn());
        assertThat(failed.status()).isEqualTo(Message.Status.FAILED);
        assertThat(failed.error()).isNotNull();
        scene.ask(chat, "rate=200").awaitWhole();
        assertThat(scene.modelCalls(asked)).isZero();
        scene.checkInvariants(0, 0);
    }
}
