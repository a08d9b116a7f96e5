package chat.parley.conversation.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.DeadLetterStore;
import chat.parley.conversation.history.DeadLetterStore.Bounds;
import chat.parley.conversation.reply.DeadLetters.Replay;
import chat.parley.conversation.reply.DeadLetters.Result;
import chat.parley.events.EventJson;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import com.rabbitmq.client.Delivery;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class DeadLettersIT {
    private static final byte[] NOTHING_KNOWN = "<html>".getBytes(UTF_8);

    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    private final EventJson json = new EventJson();
    private Replica replica;
    private TestWorker worker;
    private DeadLetters letters;

    @BeforeEach
    void start() throws Exception {
        worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        start(new String[0]);
    }

    private void start(String... settings) {
        if (replica != null) {
            replica.close();
        }
        replica = SERVERS.startReplica(settings);
        letters = replica.bean(DeadLetters.class);
    }

    @Test
    void replaysARequestMarkedSoThatNoModelRunsItAgain() throws Exception {
        ReplyName reply = replica.ask("Poison");
        DeadLetter letter = reject(worker.nextDelivery());
        assertThat(letter.reply()).isEqualTo(reply);
        assertThat(letter.attempt()).isEqualTo(1);
        assertThat(worker.next().attempt()).isEqualTo(2);

        assertThat(letters.replay(letter.id()).result()).isEqualTo(Result.REPLAYED);

        ReplyRequested replayed = worker.next();
        assertThat(replayed.reply()).isEqualTo(reply);
        assertThat(replayed.attempt()).isEqualTo(1);
        assertThat(replayed.again()).isTrue();
        assertThat(letters.count()).isZero();
        worker.say(new RequestSeenAgain(reply, 1));
        worker.say(worker.started(reply, 2), worker.completed(reply, 2, "Hi"));
        await().until(() -> replica.types(reply).contains("reply.completed"));
        // Counted after it was applied.
        await().until(() -> replica.events("fenced") == 1);
        assertThat(worker.hasRequests()).isFalse();
    }

    @Test
    void changesNothingWhenTheRequestOfAnEndedReplyIsReplayedTwice() throws Exception {
        ReplyName reply = replica.ask("Poison");
        DeadLetter letter = reject(worker.nextDelivery());
        byte[] body = letters.body(letter.id()).orElseThrow();
        worker.next();
        worker.say(worker.started(reply, 2), worker.completed(reply, 2, "Hi"));
        await().until(() -> replica.types(reply).contains("reply.completed"));
        List<JsonNode> before = replica.log(reply);

        for (int time = 1; time <= 2; time++) {
            // As if the process had died between the broker's confirm and the removal.
            replica.bean(DeadLetterStore.class).record(letter, body, new Bounds(10, 10_000));
            assertThat(letters.replay(letter.id()).result()).isEqualTo(Result.REPLAYED);
            assertThat(worker.next().again()).isTrue();
            worker.say(new RequestSeenAgain(reply, 1));
        }

        await().until(() -> replica.events("ended") == 2);
        assertThat(replica.log(reply)).isEqualTo(before);
        assertThat(worker.hasRequests()).isFalse();
        assertThat(letters.replay(letter.id()).result()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void knowsHowOftenARequestWasTriedThatCameBackTooOften() throws Exception {
        ReplyName reply = replica.ask("Poison");
        for (int time = 0; time <= Topology.MAX_DELIVERIES; time++) {
            Delivery delivery = worker.nextDelivery();
            assertThat(worker.read(delivery).attempt()).isEqualTo(1);
            worker.channel().basicReject(delivery.getEnvelope().getDeliveryTag(), true);
        }

        assertThat(worker.next().attempt()).isEqualTo(2);
        awaitLetters(1);
        assertThat(replica.deadLetters())
                .extracting(DeadLetter::reply, DeadLetter::cause, DeadLetter::tries)
                .containsExactly(tuple(reply, "delivery_limit", Topology.MAX_DELIVERIES + 1));
    }

    @Test
    void keepsOneLetterOfADeliveryThatCameTwice() throws Exception {
        ReplyName reply = replica.ask("Poison");
        Delivery first = worker.nextDelivery();
        DeadLetter letter = reject(first);

        worker.publish(Topology.DEAD, Topology.ANY, first.getBody());
        awaitLetters(2);

        assertThat(replica.deadLetters()).containsExactly(letter);
        assertThat(worker.next().attempt()).isEqualTo(2);
        assertThat(replica.types(reply)).doesNotContain("reply.failed");
    }

    @Test
    void completesAReplyByTheFinalEventThatTheStoreCouldNotTake() throws Exception {
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        await().until(() -> replica.types(reply).contains("reply.started"));
        String key = "{s" + Topology.partitionKey(reply.shard()) + "}:u:" + reply.userId() + ":c:c:replies";
        String[] kept = new String[1];
        SERVERS.inRedis(redis -> {
            kept[0] = redis.hget(key, "r");
            redis.hset(key, "r", "not JSON");
        });
        worker.say(worker.completed(reply, 1, "Hi"));
        awaitLetters(1);
        SERVERS.inRedis(redis -> redis.hset(key, "r", kept[0]));
        DeadLetter letter = replica.deadLetters().getFirst();
        assertThat(letter.reply()).isEqualTo(reply);
        assertThat(letter.source()).isEqualTo(Topology.replyQueue(reply.shard()));

        assertThat(letters.replay(letter.id()).result()).isEqualTo(Result.REPLAYED);

        await().until(() -> replica.types(reply).contains("reply.completed"));
        assertThat(replica.text(reply)).isEqualTo("Hi");
        assertThat(letters.count()).isZero();
    }

    @Test
    void replaysAnEventIntoThePartitionOfItsReply() throws Exception {
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        worker.say((reply.shard() + 1) % Topology.SHARDS, json.write(List.of(worker.completed(reply, 1, "Hi"))));
        awaitLetters(1);

        assertThat(letters.replayAll()).extracting(Replay::result).containsExactly(Result.REPLAYED);

        await().until(() -> replica.types(reply).contains("reply.completed"));
    }

    @Test
    void changesNothingByAnEventOfAReplyThatHasEnded() throws Exception {
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.publish(Topology.DEAD, "", json.write(List.of(worker.completed(reply, 1, "Late"))));
        awaitLetters(1);
        worker.say(worker.started(reply, 1), worker.completed(reply, 1, "Hi"));
        await().until(() -> replica.types(reply).contains("reply.completed"));
        List<JsonNode> before = replica.log(reply);

        assertThat(letters.replayAll()).extracting(Replay::result).containsExactly(Result.REPLAYED);

        await().until(() -> replica.events("ended") == 1);
        assertThat(replica.log(reply)).isEqualTo(before);
    }

    @Test
    void sendsAnUnreadableRequestBackToItsQueueOnce() throws Exception {
        worker.publish(Topology.REQUESTS, Topology.ANY, NOTHING_KNOWN);
        DeadLetter letter = reject(worker.nextDelivery());
        // RabbitMQ counts a rejection as a return since 4.0.
        assertThat(letter.tries()).isBetween(1, 2);

        assertThat(letters.replay(letter.id()).result()).isEqualTo(Result.REPLAYED);

        Delivery back = worker.nextDelivery();
        assertThat(back.getBody()).isEqualTo(NOTHING_KNOWN);
        DeadLetter again = reject(back);
        assertThat(replica.deadLetters()).containsExactly(again);
        assertThat(again.id()).isEqualTo(letter.id());
        assertThat(again.tries()).isGreaterThan(letter.tries());
    }

    @Test
    void sendsAnUnreadableEventBackToItsQueueOnce() throws Exception {
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(reply.shard(), "[{\"type\":\"reply.sung\"}]".getBytes(UTF_8));
        awaitLetters(1);
        DeadLetter letter = replica.deadLetters().getFirst();

        assertThat(letters.replayAll()).extracting(Replay::result).containsExactly(Result.REPLAYED);
        awaitLetters(2);
        worker.say(worker.started(reply, 1), worker.completed(reply, 1, "Hi"));

        await().until(() -> replica.types(reply).contains("reply.completed"));
        awaitLetters(2);
        assertThat(replica.deadLetters()).hasSize(1);
        DeadLetter again = replica.deadLetters().getFirst();
        assertThat(again.id()).isEqualTo(letter.id());
        assertThat(again.source()).isEqualTo(Topology.replyQueue(reply.shard()));
        assertThat(again.tries()).isEqualTo(2);
    }

    @Test
    void sendsAMessageThatIsNoListBackToItsQueueOnce() throws Exception {
        worker.say(7, NOTHING_KNOWN);
        awaitLetters(1);
        DeadLetter letter = replica.deadLetters().getFirst();

        assertThat(letters.replayAll()).extracting(Replay::result).containsExactly(Result.REPLAYED);

        awaitLetters(2);
        assertThat(replica.deadLetters()).singleElement().satisfies(again -> {
            assertThat(again.source()).isEqualTo("conversation.replies.07");
            assertThat(again.tries()).isGreaterThan(letter.tries());
        });
    }

    @Test
    void keepsALetterThatTheBrokerDoesNotTake() throws Exception {
        start("parley.reply.declare=false");
        worker.publish(Topology.DEAD, Topology.SOLO, "one".getBytes(UTF_8));
        worker.publish(Topology.DEAD, Topology.SOLO, "two".getBytes(UTF_8));
        awaitLetters(2);
        worker.channel().queueDelete(Topology.SOLO_QUEUE);

        assertThat(letters.replayAll()).extracting(Replay::result).containsExactly(Result.UNCONFIRMED);
        assertThat(letters.count()).isEqualTo(2);

        worker.declareTopology();
        assertThat(letters.replayAll()).extracting(Replay::result).containsExactly(Result.REPLAYED, Result.REPLAYED);
        assertThat(letters.count()).isZero();
    }

    @Test
    void leavesWhatHasNoWayBack() throws Exception {
        worker.publish(Topology.DEAD, "", NOTHING_KNOWN);
        awaitLetters(1);

        assertThat(letters.replayAll()).extracting(Replay::result).containsExactly(Result.STUCK);
        assertThat(letters.count()).isEqualTo(1);
    }

    @Test
    void recordsABodyThatIsTooLongWithoutIt() throws Exception {
        start("parley.reply.dead-letter-bodies=5B");
        worker.publish(Topology.DEAD, Topology.ANY, NOTHING_KNOWN);
        awaitLetters(1);

        DeadLetter letter = replica.deadLetters().getFirst();
        assertThat(letter.kept()).isFalse();
        assertThat(letter.bytes()).isEqualTo(6);
        assertThat(letters.body(letter.id())).isEmpty();
        assertThat(letters.replay(letter.id()).result()).isEqualTo(Result.STUCK);
    }

    @Test
    void keepsNoMoreLettersThanItMay() throws Exception {
        start("parley.reply.dead-letters=2");
        for (String body : List.of("one", "two", "three")) {
            worker.publish(Topology.DEAD, Topology.ANY, body.getBytes(UTF_8));
        }
        awaitLetters(3);

        assertThat(replica.deadLetters()).hasSize(2);
        assertThat(recorded()).isEqualTo(2);
        assertThat(letters.dropAll()).isEqualTo(2);
        assertThat(recorded()).isZero();
    }

    @Test
    void failsAReplyForRetryWhoseRequestsComeToTheDeadLettersAgainAndAgain() throws Exception {
        ReplyName reply = replica.ask("Poison");

        for (int attempt = 1; attempt <= 5; attempt++) {
            Delivery delivery = worker.nextDelivery();
            assertThat(worker.read(delivery).attempt()).isEqualTo(attempt);
            worker.channel().basicReject(delivery.getEnvelope().getDeliveryTag(), false);
        }

        awaitFailedForRetry(reply);
        awaitLetters(5);
        assertThat(replica.deadLetters()).hasSize(5);
        assertThat(worker.hasRequests()).isFalse();
    }

    @Test
    void endsAReplyWhoseFinalEventWasBuried() throws Exception {
        start("parley.history.lease=1s", "parley.history.strikes=1");
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1), worker.delta(reply, 1, 0, 0, "Hi"));

        worker.say(reply.shard(), "[{\"type\":\"reply.completed\",\"text\":\"Hi\"}]".getBytes(UTF_8));

        awaitLetters(1);
        awaitFailedForRetry(reply);
        assertThat(replica.text(reply)).isEqualTo("Hi");
    }

    private void awaitFailedForRetry(ReplyName reply) {
        await().until(() -> replica.types(reply).contains("reply.failed"));
        JsonNode failed = replica.log(reply, "reply.failed").getFirst();
        assertThat(failed.path("retryable").asBoolean()).isTrue();
        assertThat(failed.path("message").path("error").path("retryable").asBoolean())
                .isTrue();
    }

    /** Puts a delivery to the dead letters, and waits until it is recorded. */
    private DeadLetter reject(Delivery delivery) throws Exception {
        long before = handled();
        worker.channel().basicReject(delivery.getEnvelope().getDeliveryTag(), false);
        awaitLetters(before + 1);
        return replica.deadLetters().getFirst();
    }

    /** Waits until so many dead letters were recorded, and the queue has no other. */
    private void awaitLetters(long count) {
        await().until(() -> handled() >= count && worker.channel().messageCount(Topology.DEAD_QUEUE) == 0);
        assertThat(handled()).isEqualTo(count);
    }

    private long handled() {
        return Math.round(
                replica.bean(MeterRegistry.class).counter("parley.dead.letters").count());
    }

    private double recorded() {
        return replica.bean(MeterRegistry.class)
                .get("parley.dead.letters.recorded")
                .gauge()
                .value();
    }
}
