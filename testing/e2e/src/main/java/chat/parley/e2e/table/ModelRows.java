package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene;
import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Seen;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.points.Point;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.ModelStub;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.table.Row.Trait;
import chat.parley.events.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What happens if the model's provider fails, and what happens when people stop a reply. */
final class ModelRows {
    /** A call that is not cut off is still there when the wait for its end gives up. */
    private static final Duration LONGER_THAN_PATIENCE = Duration.ofMinutes(10);

    private ModelRows() {}

    static void addTo(Rows rows) {
        rows.add(29, "model-429", "the provider answers 429 with Retry-After", ModelRows::tooManyRequests, Trait.SHORT)
                .add(30, "model-down", "the provider answers 500 for 3 min, 50 messages waiting", ModelRows::down)
                .add(31, "model-hangs", "the model falls silent after five tokens", ModelRows::hangs)
                .add(
                        32,
                        "model-ends-early",
                        "the model's stream ends without a finish reason",
                        ModelRows::endsEarly,
                        Trait.SHORT)
                .add(33, "long-answer", "an answer that takes 110 s", ModelRows::takesLong, Trait.REAL_TIME)
                .add(
                        34,
                        "cancel",
                        "Stop while the reply is queued, begun, being written, and as its end arrives",
                        ModelRows::cancel,
                        Trait.SHORT)
                .add(35, "cancel-unheard", "Stop while workers hear no hints", ModelRows::cancelUnheard)
                .add(44, "breaker-trips", "the breaker opens with ten calls in flight", ModelRows::breakerTrips);
    }

    private static void tooManyRequests(Scene scene) {
        Duration wait = scene.time(Duration.ofSeconds(7), Duration.ofSeconds(3));
        Asked asked = scene.ask(
                scene.newClient().newChat(), "fail=429 retry-after=" + wait.toSeconds() + " times=1 rate=200");
        Seen retrying = asked.chat()
                .awaitEvent(
                        "retrying",
                        seen -> seen.is("reply.retrying", asked.turn().replyId()));
        assertThat(retrying.event().path("code").asString()).isEqualTo("provider_rate_limited");
        asked.awaitWhole();

        List<Instant> calls = callTimes(scene, asked);
        assertThat(Duration.between(calls.getFirst(), calls.getLast())).isGreaterThanOrEqualTo(wait);
        scene.check(2, List.of(asked));
        // The breaker did not open: the next one is not held up by a probe.
        Asked next = scene.ask(asked.chat(), "rate=200");
        next.awaitWhole();
        assertThat(next.attempts()).isEqualTo(1);
    }

    private static List<Instant> callTimes(Scene scene, Asked asked) {
        return scene.stack().model().callsFor(asked.words()).stream()
                .map(call -> Instant.parse(call.path("at").asString()))
                .toList();
    }

    private static void down(Scene scene) {
        ModelStub model = scene.stack().model();
        model.behave("{\"fail\":\"500\"}");
        ParleyClient client = scene.newClient();
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Chat chat = client.newChat();
            for (int j = 0; j < 5; j++) {
                asked.add(scene.ask(chat, "rate=400"));
            }
        }
        client.await(
                "that the page says so",
                () -> client.notices().stream()
                        .map(JsonNode.class::cast)
                        .anyMatch(notice -> notice.path("assistant")
                                .path("state")
                                .asString("")
                                .equals("degraded")));
        Scene.last(scene.time(Duration.ofMinutes(3), Duration.ofSeconds(6)));
        model.behave("{\"fail\":\"none\"}");
        asked.forEach(Asked::awaitWhole);

        scene.checkInvariants(0, 0);
    }

    private static void hangs(Scene scene) {
        Asked asked = scene.ask(scene.newClient().newChat(), "fail=hang after=5 times=1 rate=200");
        asked.awaitWhole();

        assertThat(asked.attempts()).isEqualTo(2);
        scene.check(2, List.of(asked));
    }

    private static void endsEarly(Scene scene) {
        Asked asked = scene.ask(scene.newClient().newChat(), "fail=short after=20 times=1 rate=200");
        Asked noFinish = scene.ask(scene.newClient().newChat(), "fail=no_finish times=1 rate=200");
        asked.awaitWhole();
        noFinish.awaitWhole();

        scene.check(2, List.of(asked, noFinish));
    }

    private static void takesLong(Scene scene) {
        Asked asked = scene.askFor(Duration.ofSeconds(110));
        asked.chat()
                .await(
                        "its end",
                        Duration.ofSeconds(140),
                        () -> asked.chat().message(asked.turn().replyId()).isPresent());
        asked.awaitWhole();

        scene.check(1, List.of(asked));
    }

    private static void cancel(Scene scene) {
        List<ProcessPart> assistants = scene.stack().assistants();
        ParleyClient client = scene.newClient();

        // Queued behind another one, and before its worker has begun.
        Chat chat = client.newChat();
        Asked before = scene.ask(chat, "rate=20");
        Asked queued = scene.ask(chat, "rate=20");
        assertCancelled(queued);
        before.awaitWhole();
        scene.arm(assistants, Point.BEFORE_START, "");
        Asked taken = scene.ask(chat, "rate=100");
        ProcessPart worker = scene.awaitReached(assistants, Point.BEFORE_START);
        assertCancelled(taken);
        assistants.forEach(one -> scene.stack().points(one).disarm());
        assertThat(worker.isRunning()).isTrue();

        // Before the first token, and in the middle.
        Asked silent = scene.ask(chat, "delay=600s");
        Scene.await("a call to the model", () -> scene.modelCalls(silent) == 1);
        assertCancelled(silent);
        Asked middle = scene.ask(chat, Scene.slowly(LONGER_THAN_PATIENCE));
        middle.awaitText(50);
        Message stopped = assertCancelled(middle);
        assertThat(stopped.text()).hasSizeGreaterThanOrEqualTo(50);
        Scene.await("that nobody calls the model", () -> open(scene) == 0);

        // As its end arrives: either comes first, and only one of them.
        for (int i = 0; i < 10; i++) {
            Asked racing = scene.ask(chat, "rate=0 tokens=" + (20 + scene.chance(40)));
            Scene.last(Duration.ofMillis(scene.chance(60)));
            chat.cancel(racing.turn().replyId()).join();
            chat.awaitEnd(racing.turn());
        }
        scene.ask(chat, "rate=200").awaitWhole();
        scene.checkInvariants(0, 0);
    }

    private static int open(Scene scene) {
        return scene.stack().model().stats().path("open").asInt();
    }

    private static Message assertCancelled(Asked asked) {
        asked.chat().awaitAccepted(asked.turn());
        asked.chat().cancel(asked.turn().replyId()).join();
        Message ended = asked.chat().awaitEnd(asked.turn());
        assertThat(ended.status()).isEqualTo(Message.Status.CANCELLED);
        return ended;
    }

    private static void cancelUnheard(Scene scene) {
        Asked asked = scene.askFor(LONGER_THAN_PATIENCE);
        asked.awaitText(40);
        scene.stack().backstage().deleteExchange(Topology.CONTROL);
        Message stopped = assertCancelled(asked);
        // The next message does not wait for the worker to hear of it.
        scene.ask(asked.chat(), "rate=200").awaitWhole();
        assertThat(open(scene)).as("calls to the model").isEqualTo(1);
        scene.stack().proxies(Hop.CONVERSATION_RABBIT).forEach(TcpProxy::reset);
        scene.stack().proxies(Hop.ASSISTANT_RABBIT).forEach(TcpProxy::reset);
        Scene.await("that nobody calls the model", () -> open(scene) == 0);

        assertThat(asked.chat().message(asked.turn().replyId())).contains(stopped);
        scene.checkInvariants(0, 0);
    }

    private static void breakerTrips(Scene scene) {
        List<Asked> flying = scene.askFor(Duration.ofSeconds(12), 10);
        scene.stack().model().behave("{\"fail\":\"500\"}");
        List<Asked> failing = new ArrayList<>();
        ParleyClient client = scene.newClient();
        for (int i = 0; i < 20; i++) {
            failing.add(scene.ask(client.newChat(), "rate=200"));
        }
        client.await(
                "that the breakers are open",
                () -> client.notices().stream()
                        .anyMatch(notice -> notice.path("assistant")
                                .path("state")
                                .asString("")
                                .equals("degraded")));
        flying.forEach(Asked::awaitWhole);
        scene.stack().model().behave("{\"fail\":\"none\"}");
        failing.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(flying);
        scene.check(1, flying);
    }
}
