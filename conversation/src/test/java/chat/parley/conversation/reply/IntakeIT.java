package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.OpenReply.State;
import chat.parley.events.ControlEvent.CancelRequested;
import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.EventJson;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IntakeIT {
    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    private final EventJson json = new EventJson();
    private Replica replica;
    private TestWorker worker;
    private ReplyName reply;

    @BeforeEach
    void ask() throws Exception {
        replica = SERVERS.startReplica("parley.reply.young=0s", "parley.history.longest-way=1m");
        worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        reply = replica.ask("Hello");
        worker.next();
    }

    /** Goes on with one that has other settings. */
    private void replaceReplica(String... settings) {
        Replica before = replica;
        // A request whose publish is not settled would be published by the other one again.
        await().until(() -> before.offered(reply, 1));
        replica = SERVERS.startReplica(settings);
        before.close();
    }

    @Test
    void keepsTheWorkersWholeTextAsTheReply() throws Exception {
        worker.say(worker.started(reply, 1), worker.delta(reply, 1, 0, 0, "Hi "));
        worker.say(worker.delta(reply, 1, 1, 3, "Ada"), worker.completed(reply, 1, "Hi Ada"));

        awaitText("Hi Ada");
        assertThat(replica.types(reply))
                .containsExactly(
                        "message.created",
                        "reply.queued",
                        "reply.started",
                        "reply.delta",
                        "reply.delta",
                        "reply.completed");
    }

    @Test
    void appliesManyDeliveriesInTheirOrder() throws Exception {
        worker.say(worker.started(reply, 1));
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < 300; n++) {
            worker.sayUnconfirmed(worker.delta(reply, 1, n, text.length(), n + " "));
            text.append(n).append(' ');
        }
        worker.say(worker.completed(reply, 1, text.toString()));

        awaitText(text.toString());
        assertThat(replica.events("gap")).isZero();
        assertThat(replica.log(reply, "reply.delta"))
                .extracting(event -> event.path("text").asString())
                .hasSize(300)
                .startsWith("0 ", "1 ")
                .endsWith("298 ", "299 ");
    }

    @Test
    void changesNothingWhenABatchComesAgain() throws Exception {
        ReplyEvent[] batch = {worker.started(reply, 1), worker.delta(reply, 1, 0, 0, "Hi")};
        worker.say(batch);
        worker.say(batch);
        worker.say(worker.completed(reply, 1, "Hi"));
        worker.say(worker.completed(reply, 1, "Hi"));

        await().until(() -> replica.events("ended") == 1);
        assertThat(replica.events("repeat")).isEqualTo(2);
        assertThat(replica.types(reply))
                .containsExactly("message.created", "reply.queued", "reply.started", "reply.delta", "reply.completed");
    }

    @Test
    void healsALostDeltaByTheFinalText() throws Exception {
        worker.say(worker.started(reply, 1), worker.delta(reply, 1, 1, 3, "Ada"));
        worker.say(worker.completed(reply, 1, "Hi Ada"));

        awaitText("Hi Ada");
        // Counted after it was applied.
        await().until(() -> replica.events("gap") == 1);
    }

    @Test
    void putsAMalformedEventAsideAndAppliesItsNeighbours() throws Exception {
        String started = asText(worker.started(reply, 1));
        String completed = asText(worker.completed(reply, 1, "Hi"));
        String message = "[" + started + ",{\"type\":\"reply.sung\",\"secret\":\"words\"}," + completed + "]";

        worker.say(reply.shard(), message.getBytes(StandardCharsets.UTF_8));

        awaitText("Hi");
        await().until(() -> replica.deadLetters().size() == 1);
        assertThat(replica.deadLetters().getFirst().cause()).isEqualTo("Not an event of a known type");
        assertThat(replica.deadLetters().toString()).doesNotContain("words");
    }

    @Test
    void putsAnEventAsideThatTheStoreCannotApplyAndAppliesItsNeighbours() throws Exception {
        ReplyName broken = replica.ask(new ConversationName(reply.userId(), new Id("broken")), "Hello");
        worker.next();
        String key = "{s" + Topology.partitionKey(broken.shard()) + "}:u:" + broken.userId() + ":c:broken:replies";
        SERVERS.inRedis(redis -> redis.hset(key, "r", "not JSON"));

        worker.say(worker.started(reply, 1), worker.started(broken, 1), worker.completed(reply, 1, "Hi"));

        awaitText("Hi");
        await().until(() -> replica.deadLetters().size() == 1);
        assertThat(replica.deadLetters().getFirst().cause()).isEqualTo("The store can't apply it");
    }

    @Test
    void putsAMessageAsideThatIsNoListAndGoesOn() throws Exception {
        worker.say(reply.shard(), "no JSON at all".getBytes(StandardCharsets.UTF_8));
        worker.say(worker.started(reply, 1), worker.completed(reply, 1, "Hi"));

        awaitText("Hi");
        await().until(() -> replica.deadLetters().size() == 1);
        assertThat(replica.deadLetters().getFirst().source()).isEqualTo(Topology.replyQueue(reply.shard()));
    }

    @Test
    void believesNoEventThatCameByAnotherPartition() throws Exception {
        worker.say(worker.started(reply, 1));
        // What comes by another partition is in no order with it.
        await().until(() -> !replica.log(reply, "reply.started").isEmpty());
        int other = (reply.shard() + 1) % Topology.SHARDS;

        worker.say(other, json.write(List.of(worker.completed(reply, 1, "Forged"))));

        await().until(() -> replica.deadLetters().size() == 1);
        assertThat(replica.events("misrouted")).isEqualTo(1);
        assertThat(replica.open(reply).state()).isEqualTo(State.STREAMING);
    }

    @Test
    void tellsAWorkerToStopWhoDoesNotRunTheAttempt() throws Exception {
        TestWorker second = SERVERS.connectWorker();
        worker.say(worker.started(reply, 1));

        second.say(second.started(reply, 1), second.delta(reply, 1, 0, 0, "Me too"));

        assertThat(second.nextHint()).isEqualTo(new CancelRequested(reply, 1));
        worker.say(worker.completed(reply, 1, "Hi"));
        awaitText("Hi");
        assertThat(replica.log(reply, "reply.delta")).isEmpty();
    }

    @Test
    void tellsAWorkerOnceASecondAtMost() throws Exception {
        Duration pause = Duration.ofSeconds(1);
        worker.say(worker.started(reply, 1), worker.completed(reply, 1, "Hi"));
        long first = System.nanoTime();
        int said = 0;
        worker.say(worker.heartbeat(reply, 1));
        worker.nextHint();
        while (worker.hints() == 0) {
            worker.say(worker.heartbeat(reply, 1));
            said++;
        }

        assertThat(said).isGreaterThan(1);
        assertThat(Duration.ofNanos(System.nanoTime() - first)).isGreaterThanOrEqualTo(pause);
    }

    @Test
    void tellsTheWorkerWhenAReplyIsStopped() throws Exception {
        worker.say(worker.started(reply, 1), worker.delta(reply, 1, 0, 0, "Hi"));
        await().until(() -> !replica.log(reply, "reply.delta").isEmpty());

        replica.bean(Replies.class).cancel(reply);

        assertThat(worker.nextHint()).isEqualTo(new CancelRequested(reply, 1));
        assertThat(replica.log(reply, "reply.cancelled"))
                .extracting(event -> event.path("message").path("text").asString())
                .containsExactly("Hi");
    }

    @Test
    void tellsTheWorkerWhenAConversationIsDeleted() throws Exception {
        worker.say(worker.started(reply, 1));
        await().until(() -> !replica.log(reply, "reply.started").isEmpty());

        replica.delete(reply);

        assertThat(worker.nextHint()).isEqualTo(new CancelRequested(reply, 1));
    }

    @Test
    void asksForTheNextMessageWhenAReplyHasEnded() throws Exception {
        ReplyName next = replica.askNext(reply, "And then?");
        worker.say(worker.started(reply, 1), worker.completed(reply, 1, "Hi"));

        assertThat(worker.next().reply()).isEqualTo(next);
    }

    @Test
    void asksForTheNextMessageWhenAReplyWasStopped() throws Exception {
        ReplyName next = replica.askNext(reply, "And then?");

        replica.bean(Replies.class).cancel(reply);

        assertThat(worker.next().reply()).isEqualTo(next);
    }

    @Test
    void startsANewAttemptWhenTheProviderAskedToWaitAndTheTimeIsOver() throws Exception {
        Duration wait = Duration.ofMillis(1500);
        worker.say(worker.started(reply, 1));
        long failed = System.nanoTime();
        worker.say(new AttemptFailed(reply, 1, worker.id, FailureCode.RATE_LIMITED, wait));

        ReplyRequested request = worker.next();

        assertThat(request.attempt()).isEqualTo(2);
        assertThat(request.again()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - failed)).isGreaterThanOrEqualTo(wait);
    }

    @Test
    void startsTheNextAttemptOfARequestThatWasSeenAgainAndNeverStarted() throws Exception {
        worker.say(new RequestSeenAgain(reply, 1));

        ReplyRequested request = worker.next();

        assertThat(request.attempt()).isEqualTo(2);
        assertThat(request.again()).isFalse();
    }

    @Test
    void leavesALivingWorkerAloneWhoseRequestWasSeenAgain() throws Exception {
        Duration cut = Duration.ofSeconds(20);
        replaceReplica("parley.reply.young=0s", "parley.history.lease-cut=20s");
        worker.say(worker.started(reply, 1));
        worker.say(new RequestSeenAgain(reply, 1));
        await().until(() -> replica.overdueWithin(reply, 1, cut));

        worker.say(worker.delta(reply, 1, 0, 0, "Still here"));

        await().until(() -> !replica.overdueWithin(reply, 1, cut));
        worker.say(worker.completed(reply, 1, "Still here"));
        awaitText("Still here");
        assertThat(replica.log(reply, "reply.started")).hasSize(1);
    }

    @Test
    void replacesADeadWorkerWhoseRequestWasSeenAgain() throws Exception {
        worker.say(worker.started(reply, 1));
        long seen = System.nanoTime();
        worker.say(new RequestSeenAgain(reply, 1));

        assertThat(worker.next().attempt()).isEqualTo(2);
        // Well before the whole lease of an hour.
        assertThat(Duration.ofNanos(System.nanoTime() - seen))
                .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(30));
        assertThat(replica.log(reply, "reply.retrying")).hasSize(1);
    }

    @Test
    void replacesAWorkerThatFellSilent() throws Exception {
        replaceReplica("parley.history.lease=3s");
        worker.say(worker.started(reply, 1), worker.delta(reply, 1, 0, 0, "Ha"));

        ReplyRequested request = worker.next();
        assertThat(request.attempt()).isEqualTo(2);
        worker.say(worker.started(reply, 2));
        worker.say(worker.delta(reply, 1, 1, 2, "lf"));
        worker.say(worker.delta(reply, 2, 0, 0, "Whole"), worker.completed(reply, 2, "Whole"));

        await().untilAsserted(() -> assertThat(replica.log(reply, "reply.completed"))
                .extracting(event -> event.path("message").path("text").asString())
                .containsExactly("Whole"));
        assertThat(replica.types(reply))
                .containsExactly(
                        "message.created",
                        "reply.queued",
                        "reply.started",
                        "reply.delta",
                        "reply.retrying",
                        "reply.started",
                        "reply.delta",
                        "reply.completed");
    }

    @Test
    void takesASlowWayForNoDeadWorker() throws Exception {
        // Every check is longer under way than that.
        replaceReplica("parley.history.lease=500ms", "parley.history.longest-way=-1ms");
        worker.say(worker.started(reply, 1));

        await().until(() -> replica.events("nothing") >= 2);

        worker.say(worker.completed(reply, 1, "Late"));
        await().until(() -> !replica.log(reply, "reply.completed").isEmpty());
        assertThat(replica.log(reply, "reply.retrying")).isEmpty();
    }

    @Test
    void titlesAConversation() throws Exception {
        worker.say(worker.started(reply, 1), worker.completed(reply, 1, "Hi"), worker.titled(reply, 1, "Greetings"));

        await().until(() -> replica.title(reply).equals("Greetings"));
    }

    @Test
    void knowsTheWorkersByWhatTheyAnnounce() throws Exception {
        AssistantStatus status = replica.bean(AssistantStatus.class);
        await().until(() -> {
            worker.announce(new WorkerAnnounced(worker.id, List.of("model-x"), false, 0, 4, true, false));
            return status.current().state() == AssistantStatus.State.UP;
        });

        assertThat(status.models()).containsExactly("model-x");
    }

    @Test
    void countsTheRequestsThatWait() throws Exception {
        worker.close();
        replica.ask("Anyone?");
        AssistantStatus status = replica.bean(AssistantStatus.class);

        await().until(() -> status.current().queued() == 1);
    }

    private void awaitText(String text) {
        await().untilAsserted(() -> assertThat(replica.log(reply, "reply.completed"))
                .extracting(event -> event.path("message").path("text").asString())
                .containsExactly(text));
    }

    private String asText(ReplyEvent event) {
        String list = new String(json.write(List.of(event)), StandardCharsets.UTF_8);
        return list.substring(1, list.length() - 1);
    }
}
