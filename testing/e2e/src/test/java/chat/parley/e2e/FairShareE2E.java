package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;

/** One worker that runs four replies at once, and someone who asks a hundred questions in a hundred conversations. */
@TestInstance(Lifecycle.PER_CLASS)
class FairShareE2E {
    private static final int OTHERS = 20;
    private static final int QUESTIONS = 100;
    /** A third of a second. */
    private static final String SHORT = "rate=60 tokens=20";

    private final Stack stack = Stack.start(StackOptions.standard()
            .replicas(2, 1)
            .assistant("ASSISTANT_CONCURRENCY", "4")
            .assistant("TITLES", "false"));
    private Scene scene = new Scene(stack, Pace.SHRUNK, new Random());

    @AfterAll
    void stop() {
        stack.close();
    }

    @BeforeEach
    void enter() {
        scene = new Scene(stack, Pace.SHRUNK, new Random());
    }

    @AfterEach
    void heal() {
        scene.close();
        stack.heal();
    }

    @Test
    @SuppressWarnings("SystemOut") // a measurement is part of the test run's output
    void oneUserWithAHundredQuestionsDoesNotMakeTwentyOthersWait() {
        List<ParleyClient> others =
                IntStream.range(0, OTHERS).mapToObj(_ -> scene.newClient()).toList();
        askAll(others); // what is slow the first time
        int before = calls();
        long since = System.nanoTime();
        List<Asked> alone = askAll(others);
        int aheadAlone = p95(ahead(before, alone));
        Duration waitAlone = p95Wait(since, alone);

        ParleyClient heavy = scene.newClient();
        List<Asked> hundred = askMany(heavy, QUESTIONS);
        Scene.await("the heavy user's first replies", () -> hundred.stream().anyMatch(FairShareE2E::hasEnded));
        before = calls();
        since = System.nanoTime();
        List<Asked> together = askAll(others);
        int aheadTogether = p95(ahead(before, together));
        Duration waitTogether = p95Wait(since, together);

        System.out.printf(
                "fair share: p95 of the calls before one's own %d, beside a heavy user %d; p95 wait %d ms, %d ms, ratio"
                        + " %.2f%n",
                aheadAlone,
                aheadTogether,
                waitAlone.toMillis(),
                waitTogether.toMillis(),
                (double) waitTogether.toMillis() / waitAlone.toMillis());
        assertThat(hundred).as("still waiting").anyMatch(one -> !hasEnded(one));
        // Alone, who asks slowly has few calls before one's own; in one line with the hundred it would be most of them.
        assertThat(aheadTogether).isLessThanOrEqualTo(2 * aheadAlone + OTHERS);
        hundred.forEach(one -> one.chat().awaitCompleted(one.turn()));
        List<Asked> all = new ArrayList<>(alone);
        all.addAll(together);
        all.addAll(hundred);
        scene.check(1, all);
    }

    @Test
    void everyHeldReplyIsWrittenThoughOneConversationAfterTheOtherIsKilled() {
        List<Asked> asked = askMany(scene.newClient(), 24);
        stack.conversations().forEach(conversation -> {
            try (Fault _ = conversation.killed()) {
                long ended = asked.stream().filter(FairShareE2E::hasEnded).count();
                Scene.await(
                        "two more replies",
                        () -> asked.stream().filter(FairShareE2E::hasEnded).count() >= Math.min(24, ended + 2));
            }
        });
        asked.forEach(one -> one.chat().awaitCompleted(one.turn()));
        scene.check(1, asked);
    }

    /** A question of each, all at once; returns when all have their reply. */
    private List<Asked> askAll(List<ParleyClient> people) {
        List<Asked> asked = people.stream()
                .map(person -> scene.ask(person.newChat(), SHORT))
                .toList();
        asked.forEach(one -> one.chat().awaitCompleted(one.turn()));
        return asked;
    }

    private List<Asked> askMany(ParleyClient person, int questions) {
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            asked.add(scene.ask(person.newChat(), SHORT));
        }
        asked.forEach(one -> one.chat().awaitAccepted(one.turn()));
        return asked;
    }

    private static boolean hasEnded(Asked asked) {
        return asked.chat().message(asked.turn().replyId()).isPresent();
    }

    private int calls() {
        return stack.model().stats().path("calls").asInt();
    }

    /** How many calls the model got before that of each of these, counted from one of them on. */
    private List<Integer> ahead(int from, List<Asked> asked) {
        return asked.stream()
                .map(one -> call(one).path("number").asInt() - 1 - from)
                .toList();
    }

    /** From the first question to the start of the reply, as the people see it. */
    private static Duration p95Wait(long since, List<Asked> asked) {
        List<Long> waits = asked.stream()
                .map(one -> one.chat()
                                .awaitEvent(
                                        "its start",
                                        seen -> seen.is(
                                                "reply.started", one.turn().replyId()))
                                .nanos()
                        - since)
                .sorted()
                .toList();
        return Duration.ofNanos(waits.get(rank(waits.size())));
    }

    private JsonNode call(Asked asked) {
        return stack.model().callsFor(asked.words()).getFirst();
    }

    private static int p95(List<Integer> counts) {
        return counts.stream().sorted().toList().get(rank(counts.size()));
    }

    private static int rank(int size) {
        return (int) Math.ceil(0.95 * size) - 1;
    }
}
