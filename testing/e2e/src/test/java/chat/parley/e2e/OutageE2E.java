package chat.parley.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Seen;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The model's provider goes away, people go on asking, and it comes back. On a stack of its own, with short times. */
class OutageE2E {
    private static final int WORKERS = 2;
    private static final int CONCURRENCY = 6;
    private static final int RESUME_RATE = 4;
    private static final Duration PROBE_AFTER = Duration.ofSeconds(2);
    /** Calls of a worker until it takes the provider for away: the breaker's, and those in flight with the last. */
    private static final int MOST_FAILURES = 10;

    private static final int PEOPLE = 8;
    private static final int CHATS = 5;
    private static final int QUESTIONS = 5;

    private static Stack stack;

    @RegisterExtension
    final LogsOnFailure logs = new LogsOnFailure(() -> Optional.of(stack));

    @BeforeAll
    static void start() {
        stack = Stack.start(StackOptions.standard()
                .replicas(2, WORKERS)
                .proxied(Hop.ASSISTANT_STUB)
                .conversation("PARLEY_HISTORY_LONGESTBACKOFF", "2s")
                .assistant("ASSISTANT_CONCURRENCY", Integer.toString(CONCURRENCY))
                .assistant("RESUME_RATE", Integer.toString(RESUME_RATE))
                .assistant("TITLES", "false")
                .assistant("PARLEY_ASSISTANT_BREAKER_PROBEAFTER", PROBE_AFTER.toMillis() + "ms"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void whatIsAskedWhileTheProviderIsAwayIsAnsweredOnceInItsTurnAndNoFasterThanAllowed() {
        try (Scene scene = new Scene(stack, Pace.SHRUNK, new Random(0))) {
            List<ParleyClient> people =
                    IntStream.range(0, PEOPLE).mapToObj(_ -> scene.newClient()).toList();
            stack.model().behave("{\"fail\":\"500\"}");
            Map<Chat, List<Asked>> asked = askAll(scene, people);
            asked.values().forEach(inTurn -> inTurn.forEach(one -> one.chat().awaitAccepted(one.turn())));
            Scene.await("probes of each worker", OutageE2E::hasEveryWorkerProbed);
            people.forEach(OutageE2E::assertToldThatTheProviderIsAway);
            assertThat(stack.model().stats().path("completed").asInt()).isZero();

            stack.model().behave("{\"fail\":\"none\"}");
            asked.values().forEach(inTurn -> inTurn.forEach(one -> one.chat().awaitCompleted(one.turn())));

            scene.check(1, List.of());
            asked.forEach(OutageE2E::assertAnsweredInTurn);
            assertOneAnswerOfTheModelForEach(asked);
            assertThat(stack.model().stats().path("maxOpen").asInt()).isLessThanOrEqualTo(WORKERS * CONCURRENCY);
            assertThat(callsByWorker(true)).hasSize(WORKERS).allSatisfy((_, calls) -> assertOnlyProbes(calls));
            assertThat(callsByWorker(false)).hasSize(WORKERS).allSatisfy((_, calls) -> assertRate(calls));
        }
    }

    private static boolean hasEveryWorkerProbed() {
        Map<String, List<Instant>> calls = callsByWorker(true);
        return calls.size() == WORKERS && calls.values().stream().allMatch(times -> times.size() > MOST_FAILURES + 1);
    }

    private static Map<Chat, List<Asked>> askAll(Scene scene, List<ParleyClient> people) {
        Map<Chat, List<Asked>> asked = new LinkedHashMap<>();
        for (ParleyClient person : people) {
            for (int chats = 0; chats < CHATS; chats++) {
                Chat chat = person.newChat();
                List<Asked> inTurn = new ArrayList<>();
                for (int questions = 0; questions < QUESTIONS; questions++) {
                    inTurn.add(scene.ask(chat, "rate=200"));
                }
                asked.put(chat, inTurn);
            }
        }
        return asked;
    }

    private static void assertToldThatTheProviderIsAway(ParleyClient person) {
        person.await("degraded", () -> person.notices().stream().anyMatch(OutageE2E::isDegraded));
    }

    private static boolean isDegraded(JsonNode notice) {
        return notice.path("assistant").path("state").asString("").equals("degraded");
    }

    /** Each reply ended before the next began, and what failed on the way is said to be tried again, and when. */
    private static void assertAnsweredInTurn(Chat chat, List<Asked> asked) {
        assertThat(chat.seen())
                .filteredOn(seen -> seen.type().equals("reply.completed"))
                .extracting(seen -> seen.event().path("replyId").asString())
                .containsExactlyElementsOf(
                        asked.stream().map(one -> one.turn().replyId()).toList());
        assertThat(chat.seen())
                .filteredOn(seen -> seen.type().equals("reply.retrying"))
                .extracting(Seen::event)
                .allSatisfy(event -> {
                    assertThat(event.path("code").asString()).isEqualTo("provider_unavailable");
                    assertThat(event.path("cause").asString()).isEqualTo("unreachable");
                    assertThat(Instant.parse(event.path("retryAt").asString())).isNotNull();
                });
    }

    private static void assertOneAnswerOfTheModelForEach(Map<Chat, List<Asked>> asked) {
        Map<String, Long> answers = stack.model().calls().stream()
                .filter(call -> !call.hasNonNull("fault"))
                .collect(groupingBy(OutageE2E::words, counting()));
        assertThat(answers)
                .hasSize(PEOPLE * CHATS * QUESTIONS)
                .containsOnlyKeys(asked.values().stream()
                        .flatMap(List::stream)
                        .map(Asked::words)
                        .toList());
        assertThat(answers.values()).containsOnly(1L);
    }

    /** The question without its directives. */
    private static String words(JsonNode call) {
        String question = call.path("question").asString();
        return question.substring(0, question.indexOf(" [["));
    }

    /** When each worker called, by the proxy through which it did. */
    private static Map<String, List<Instant>> callsByWorker(boolean failed) {
        Map<String, List<Instant>> calls = new LinkedHashMap<>();
        for (JsonNode call : stack.model().calls()) {
            if (call.hasNonNull("fault") == failed) {
                calls.computeIfAbsent(call.path("host").asString(), _ -> new ArrayList<>())
                        .add(Instant.parse(call.path("at").asString()));
            }
        }
        calls.values().forEach(times -> times.sort(null));
        return calls;
    }

    private static void assertOnlyProbes(List<Instant> failed) {
        for (int call = MOST_FAILURES; call < failed.size(); call++) {
            assertThat(Duration.between(failed.get(call - 1), failed.get(call)))
                    .as("from one probe to the next")
                    .isGreaterThanOrEqualTo(PROBE_AFTER);
        }
    }

    /**
     * From the first call on, whose answer starts the rate: one that is late on its way to the model is not to make the
     * time to those after it too short.
     */
    private static void assertRate(List<Instant> calls) {
        assertThat(calls).hasSizeGreaterThan(RESUME_RATE);
        for (int call = RESUME_RATE; call < calls.size(); call++) {
            assertThat(Duration.between(calls.getFirst(), calls.get(call)))
                    .as("from the first call to the %sth after it", call)
                    .isGreaterThan(Duration.ofSeconds(call / RESUME_RATE));
        }
    }
}
