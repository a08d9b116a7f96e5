package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.EventJson;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import chat.parley.events.MalformedEventException;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyName;
import chat.parley.events.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplyPublisherTest {
    private static final Duration FAR = Duration.ofHours(1);
    private static final ReplyName FIRST = ReplyName.parse("u/c/first");
    private static final ReplyName SECOND = ReplyName.parse("u/c/second");
    private static final Id WORKER = new Id("w");

    private final EventJson json = new EventJson();
    private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    /** A message that the broker has not spoken about. */
    private final class Sent {
        private final int partition;
        private final byte[] message;
        private final CompletableFuture<Boolean> answer = new CompletableFuture<>();

        Sent(int partition, byte[] message) {
            this.partition = partition;
            this.message = message;
        }

        List<ReplyEvent> events() throws MalformedEventException {
            return json.readReplies(message).events();
        }
    }

    private ReplyPublisher publisher(int messagesPerSecond, Duration heartbeat, int batchChars) {
        return publisher(new AssistantProperties.Publishing(
                messagesPerSecond, heartbeat, FAR, Duration.ofMillis(1), batchChars));
    }

    private ReplyPublisher publisher(AssistantProperties.Publishing properties) {
        return new ReplyPublisher(
                WORKER,
                json,
                (partition, message) -> {
                    Sent next = new Sent(partition, message);
                    sent.add(next);
                    return next.answer;
                },
                timer,
                properties,
                new AssistantMetrics(new SimpleMeterRegistry()));
    }

    private ReplyPublisher publisher() {
        return publisher(1_000_000, FAR, 500_000);
    }

    private Sent next() throws InterruptedException {
        Sent next = sent.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a message").isNotNull();
        return next;
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void saysEachThingAtOnceWhenNothingIsUnderWay() throws Exception {
        var voice = publisher().start(FIRST, 2, "m");
        Sent started = next();
        assertThat(started.partition).isEqualTo(FIRST.shard());
        assertThat(started.events()).containsExactly(new ReplyStarted(FIRST, 2, WORKER, "m"));
        started.answer.complete(true);

        voice.text("Hel");
        Sent delta = next();
        assertThat(delta.events()).containsExactly(new ReplyDelta(FIRST, 2, WORKER, 0, 0, "Hel"));
        delta.answer.complete(true);

        var ended = voice.complete("Hel", new Usage(1, 2));
        Sent end = next();
        assertThat(end.events()).containsExactly(new ReplyCompleted(FIRST, 2, WORKER, "Hel", new Usage(1, 2)));
        assertThat(ended).isNotDone();
        end.answer.complete(true);
        ended.get(20, TimeUnit.SECONDS);
    }

    @Test
    void gathersWhatComesMeanwhileForTheNextMessage() throws Exception {
        ReplyPublisher publisher = publisher();
        var first = publisher.start(FIRST, 1, "m");
        var second = publisher.start(SECOND, 1, "m");
        first.text("a");
        first.text("b");
        second.text("x");
        first.text("c");
        var ended = second.fail(FailureCode.HUNG, Duration.ofSeconds(7));

        Sent started = next();
        assertThat(started.events()).containsExactly(new ReplyStarted(FIRST, 1, WORKER, "m"));
        assertThat(sent).isEmpty();
        started.answer.complete(true);

        Sent rest = next();
        assertThat(rest.events())
                .containsExactly(
                        new ReplyStarted(SECOND, 1, WORKER, "m"),
                        new ReplyDelta(SECOND, 1, WORKER, 0, 0, "x"),
                        new AttemptFailed(SECOND, 1, WORKER, FailureCode.HUNG, Duration.ofSeconds(7)),
                        new ReplyDelta(FIRST, 1, WORKER, 0, 0, "abc"));
        rest.answer.complete(true);
        ended.get(20, TimeUnit.SECONDS);

        first.text("d");
        assertThat(next().events()).containsExactly(new ReplyDelta(FIRST, 1, WORKER, 1, 3, "d"));
    }

    @Test
    void sendsAgainAsItWasWhatTheBrokerDidNotTakeBeforeAnythingElse() throws Exception {
        var voice = publisher().start(FIRST, 1, "m");
        Sent lost = next();
        voice.text("a");
        lost.answer.complete(false);
        Sent again = next();
        assertThat(again.message).isEqualTo(lost.message);
        voice.text("b");
        again.answer.complete(false);
        Sent onceMore = next();
        assertThat(onceMore.message).isEqualTo(lost.message);
        onceMore.answer.complete(true);

        assertThat(next().events()).containsExactly(new ReplyDelta(FIRST, 1, WORKER, 0, 0, "ab"));
        assertThat(sent).isEmpty();
    }

    @Test
    void sendsACopyWhenItHearsNothingAndGoesOnWithAnyCopysConfirm() throws Exception {
        var voice = publisher(new AssistantProperties.Publishing(
                        1_000_000, FAR, Duration.ofMillis(20), Duration.ofMillis(1), 500_000))
                .start(FIRST, 1, "m");
        Sent first = next();
        Sent copy = next();
        assertThat(copy.message).isEqualTo(first.message);
        voice.text("a");
        first.answer.complete(true);
        Sent delta = nextAfter(first);
        assertThat(delta.events()).containsExactly(new ReplyDelta(FIRST, 1, WORKER, 0, 0, "a"));

        voice.text("b");
        copy.answer.complete(true);
        // A last copy of the first one may have been on its way when the delta was sent.
        assertThat(nextAfter(first).message).isEqualTo(delta.message);
        delta.answer.complete(false);
        assertThat(nextAfter(first).message).isEqualTo(delta.message);
    }

    /** The next message that is no copy of this one. */
    private Sent nextAfter(Sent before) throws InterruptedException {
        Sent next = next();
        while (Arrays.equals(next.message, before.message)) {
            next = next();
        }
        return next;
    }

    @Test
    void sendsPartitionsWithoutWaitingForEachOther() throws Exception {
        ReplyPublisher publisher = publisher();
        ReplyName elsewhere = ReplyName.parse("v/c/r");
        assertThat(elsewhere.shard()).isNotEqualTo(FIRST.shard());

        publisher.start(FIRST, 1, "m");
        publisher.start(elsewhere, 1, "m");

        assertThat(next().partition).isEqualTo(FIRST.shard());
        assertThat(next().partition).isEqualTo(elsewhere.shard());
    }

    @Test
    void letsOnlyFurtherTokensWaitForTheBudget() throws Exception {
        ReplyPublisher publisher = publisher(1, FAR, 500_000);
        var voice = publisher.start(FIRST, 1, "m");
        next().answer.complete(true);
        voice.text("a");
        next().answer.complete(true);
        voice.text("b"); // takes the one turn that was left over
        next().answer.complete(true);
        voice.text("c");
        assertThat(sent.poll(100, TimeUnit.MILLISECONDS)).isNull();

        var _ = voice.complete("abc", null);

        assertThat(next().events())
                .containsExactly(
                        new ReplyDelta(FIRST, 1, WORKER, 2, 2, "c"), new ReplyCompleted(FIRST, 1, WORKER, "abc", null));
    }

    @Test
    void saysWhatWaitedForTheBudgetWhenItsTurnComes() throws Exception {
        ReplyPublisher publisher = publisher(10, FAR, 500_000);
        var voice = publisher.start(FIRST, 1, "m");
        next().answer.complete(true);
        for (int piece = 0; piece < 5; piece++) {
            voice.text("a");
            next().answer.complete(true);
        }
        assertThat(sent).isEmpty();
    }

    @Test
    void keepsAMessageWithinItsSize() throws Exception {
        ReplyPublisher publisher = publisher(1_000_000, FAR, 1_000);
        var first = publisher.start(FIRST, 1, "m");
        var second = publisher.start(SECOND, 1, "m");
        first.text("a".repeat(1_500));
        second.text("b".repeat(1_500));
        next().answer.complete(true);

        Sent one = next();
        assertThat(one.events()).hasSize(2).element(1).isInstanceOf(ReplyDelta.class);
        one.answer.complete(true);
        assertThat(next().events()).hasSize(1);
    }

    @Test
    void saysThatASilentAttemptGoesOnUntilItEnds() throws Exception {
        ReplyPublisher publisher = publisher(1_000_000, Duration.ofMillis(40), 500_000);
        var voice = publisher.start(FIRST, 1, "m");
        next().answer.complete(true);
        for (int beat = 0; beat < 3; beat++) {
            Sent heartbeat = next();
            assertThat(heartbeat.events()).containsExactly(new ReplyHeartbeat(FIRST, 1, WORKER));
            heartbeat.answer.complete(true);
        }

        var ended = voice.complete("a", null);
        await().until(() -> {
            sent.forEach(message -> message.answer.complete(true));
            return ended.isDone();
        });
        sent.clear();
        assertThat(sent.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void saysNothingMoreOfWhatIsDiscarded() throws Exception {
        ReplyPublisher publisher = publisher(1_000_000, Duration.ofMillis(40), 500_000);
        var voice = publisher.start(FIRST, 1, "m");
        Sent started = next();
        voice.text("a");
        voice.discard();
        started.answer.complete(true);

        assertThat(sent.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
}
