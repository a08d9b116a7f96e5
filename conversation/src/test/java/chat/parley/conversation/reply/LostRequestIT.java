package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.DeadLetter;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import com.rabbitmq.client.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LostRequestIT {
    private static final String[] QUICK = {"parley.reply.queues-every=200ms", "parley.reply.lost-after=1s"};

    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    private TestWorker worker;

    @BeforeEach
    void connect() throws Exception {
        worker = SERVERS.connectWorker();
    }

    @Test
    void offersAgainWhatItsQueueCannotHoldAnyMore() throws Exception {
        Replica replica = SERVERS.startReplica(QUICK);
        ReplyName reply = replica.ask("Hello");
        await().until(() -> replica.offered(reply, 1));

        worker.channel().queuePurge(Topology.REQUEST_QUEUE);
        worker.take(Topology.REQUEST_QUEUE);

        ReplyRequested request = worker.next();
        assertThat(request.reply()).isEqualTo(reply);
        assertThat(request.attempt()).isEqualTo(1);
        assertThat(request.again()).isTrue();
    }

    @Test
    void offersAgainWhatWasInAQueueThatIsGone() throws Exception {
        Replica replica = SERVERS.startReplica(QUICK);
        ReplyName reply = replica.ask("Hello");
        await().until(() -> replica.offered(reply, 1));

        worker.channel().queueDelete(Topology.REQUEST_QUEUE);
        await().until(() -> worker.exists(Topology.REQUEST_QUEUE));
        worker.take(Topology.REQUEST_QUEUE);

        assertThat(worker.next().reply()).isEqualTo(reply);
    }

    @Test
    void declaresNothingWhereItMayNot() throws Exception {
        worker.channel().queueDelete(Topology.REQUEST_QUEUE);
        Replica replica = SERVERS.startReplica("parley.reply.declare=false", "parley.reply.queues-every=50ms");
        await().until(() -> replica.partitions() == Topology.SHARDS);
        ReplyName reply = replica.ask("Hello");
        await().until(() -> replica.published("unsent") >= 1);

        assertThat(worker.exists(Topology.REQUEST_QUEUE)).isFalse();
        worker.declareTopology();
        worker.take(Topology.REQUEST_QUEUE);
        assertThat(worker.next().reply()).isEqualTo(reply);
    }

    @Test
    void offersNothingAgainWhileNoOneConsumes() throws Exception {
        Replica replica = SERVERS.startReplica(QUICK);
        ReplyName reply = replica.ask("Hello");
        await().until(() -> replica.offered(reply, 1));
        worker.channel().queuePurge(Topology.REQUEST_QUEUE);
        long looks = replica.looks();

        await().until(() -> replica.looks() > looks + 10);

        assertThat(replica.offered(reply, 1)).isTrue();
    }

    @Test
    void offersNothingAgainWhileTheQueueIsLong() throws Exception {
        Replica replica = SERVERS.startReplica(QUICK);
        worker.channel().basicQos(1);
        worker.take(Topology.REQUEST_QUEUE);
        ReplyName first = replica.ask("One");
        ReplyName second = replica.ask("Two");
        await().until(() -> replica.offered(first, 1) && replica.offered(second, 1));
        long looks = replica.looks();

        await().until(() -> replica.looks() > looks + 10);

        assertThat(replica.offered(first, 1)).isTrue();
        assertThat(replica.offered(second, 1)).isTrue();
    }

    @Test
    void offersAgainWhatWasOvertaken() throws Exception {
        // Never two looks far enough apart: only the start of a later request can prove it.
        Replica replica = SERVERS.startReplica(
                "parley.reply.queues-every=200ms", "parley.reply.lost-after=1h", "parley.reply.overtaken-by=300ms");
        ReplyName lost = replica.ask("Lost");
        await().until(() -> replica.offered(lost, 1));
        worker.channel().queuePurge(Topology.REQUEST_QUEUE);
        long looks = replica.looks();
        await().until(() -> replica.looks() > looks + 3);
        ReplyName later = replica.ask("Later");
        await().until(() -> replica.offered(later, 1));
        long seen = replica.looks();
        await().until(() -> replica.looks() > seen + 1);

        worker.say(worker.started(later, 1));

        worker.take(Topology.REQUEST_QUEUE);
        assertThat(worker.next().reply()).isEqualTo(later);
        ReplyRequested again = worker.next();
        assertThat(again.reply()).isEqualTo(lost);
        assertThat(again.again()).isTrue();
    }

    @Test
    void countsAStrikeForARequestThatCameToTheDeadLetters() throws Exception {
        Replica replica = SERVERS.startReplica();
        worker.take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Poison");
        Delivery first = worker.nextDelivery();
        await().until(() -> replica.offered(reply, 1));

        worker.channel().basicReject(first.getEnvelope().getDeliveryTag(), false);

        ReplyRequested request = worker.next();
        assertThat(request.attempt()).isEqualTo(2);
        assertThat(request.again()).isFalse();
        await().until(() -> replica.deadLetters().size() == 1);
        DeadLetter letter = replica.deadLetters().getFirst();
        assertThat(letter.type()).isEqualTo("reply.requested");
        assertThat(letter.messageId()).isEqualTo(reply.replyId() + "/1/0");
        assertThat(letter.source()).isEqualTo(Topology.REQUEST_QUEUE);
        assertThat(letter.cause()).isEqualTo("rejected");
        assertThat(letter.bytes()).isEqualTo(first.getBody().length);
    }

    @Test
    void leavesAWorkerAloneWhoseRequestCameToTheDeadLetters() throws Exception {
        Replica replica = SERVERS.startReplica();
        worker.take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Hello");
        Delivery first = worker.nextDelivery();
        worker.say(worker.started(reply, 1));
        await().until(() -> !replica.log(reply, "reply.started").isEmpty());

        worker.channel().basicReject(first.getEnvelope().getDeliveryTag(), false);
        await().until(() -> replica.deadLetters().size() == 1);
        worker.say(worker.completed(reply, 1, "Hi"));

        await().until(() -> !replica.log(reply, "reply.completed").isEmpty());
        assertThat(replica.log(reply, "reply.retrying")).isEmpty();
    }

    @Test
    void recordsADeadLetterThatIsNoEventOfOurs() throws Exception {
        Replica replica = SERVERS.startReplica();

        worker.publish(Topology.DEAD, "", "<html>".getBytes(StandardCharsets.UTF_8));

        await().until(() -> replica.deadLetters().size() == 1);
        assertThat(replica.deadLetters().getFirst().bytes()).isEqualTo(6);
    }

    @Test
    void failsAReplyWhoseDeadlineIsOver() throws Exception {
        Replica replica = SERVERS.startReplica("parley.history.deadline=1s", "parley.reply.expire-every=200ms");
        ReplyName reply = replica.ask("Is anyone there?");

        await().until(() -> !replica.log(reply, "reply.failed").isEmpty());
        assertThat(replica.offered(reply, 1)).isFalse();
    }

    @Test
    void trimsLogsThatAreDue() throws Exception {
        Replica replica = SERVERS.startReplica("parley.history.keep-log=500ms", "parley.reply.trim-every=200ms");
        ReplyName reply = replica.ask("Hello");
        worker.say(worker.started(reply, 1), worker.completed(reply, 1, "Hi"));

        // The log of a slow reply is trimmed before it ends, too.
        await().ignoreException(NoSuchElementException.class)
                .until(() -> replica.text(reply).equals("Hi"));
        await().until(() -> replica.isTrimmed(reply));
        assertThat(replica.text(reply)).isEqualTo("Hi");
    }
}
