package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.ConversationName;
import chat.parley.events.ChatMessage;
import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Role;
import chat.parley.events.Topology;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RequestIT {
    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    private Replica replica;
    private TestWorker worker;

    @BeforeEach
    void start() throws Exception {
        replica = SERVERS.startReplica();
        worker = SERVERS.connectWorker();
    }

    @Test
    void asksAWorkerForTheReply() throws Exception {
        worker.take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("What is a quorum queue?");

        Delivery delivery = worker.nextDelivery();

        ReplyRequested request = worker.read(delivery);
        assertThat(request)
                .isEqualTo(new ReplyRequested(
                        reply,
                        1,
                        false,
                        null,
                        null,
                        List.of(new ChatMessage(Role.USER, "What is a quorum queue?")),
                        true));
        BasicProperties envelope = delivery.getProperties();
        assertThat(envelope.getType()).isEqualTo("reply.requested");
        assertThat(envelope.getMessageId()).isEqualTo(reply.replyId() + "/1/0");
        assertThat(envelope.getCorrelationId()).isEqualTo(reply.replyId().value());
        assertThat(envelope.getAppId()).isEqualTo("conversation");
        assertThat(envelope.getDeliveryMode()).isEqualTo(2);
        assertThat(envelope.getTimestamp()).isNotNull();
    }

    @Test
    void knowsWhatTheBrokerHas() {
        ReplyName reply = replica.ask("Hello");

        await().until(() -> replica.offered(reply, 1));
        assertThat(replica.outbox(reply, 1)).isFalse();
    }

    @Test
    void asksOnceForARepeatedSend() throws Exception {
        worker.take(Topology.REQUEST_QUEUE);
        ConversationName name = new ConversationName(Id.random(), new Id("c"));

        replica.ask(name, "Hello");
        assertThat(worker.next().reply().conversationId()).isEqualTo(name.conversationId());
        replica.ask(name, "Hello");
        ReplyName fence = replica.ask("Fence");

        assertThat(worker.next().reply()).isEqualTo(fence);
    }

    @Test
    void publishesLaterAndUnmarkedWhatReachedNoQueue() throws Exception {
        worker.channel().queueUnbind(Topology.REQUEST_QUEUE, Topology.REQUESTS, Topology.ANY);
        ReplyName reply = replica.ask("Hello");
        await().until(() -> replica.published("unsent") >= 1);
        assertThat(replica.outbox(reply, 1)).isTrue();

        worker.channel().queueBind(Topology.REQUEST_QUEUE, Topology.REQUESTS, Topology.ANY);

        ReplyRequested request = worker.take(Topology.REQUEST_QUEUE).next();
        assertThat(request.reply()).isEqualTo(reply);
        assertThat(request.again()).isFalse();
    }

    @Test
    void marksWhatMayHaveBeenPublishedBefore() throws Exception {
        worker.take(Topology.REQUEST_QUEUE);
        // As if another replica had died between its publish and the broker's confirm.
        ReplyName reply = replica.acceptOnly("Hello");

        ReplyRequested request = worker.next();

        assertThat(request.reply()).isEqualTo(reply);
        assertThat(request.again()).isTrue();
    }

    @Test
    void sendsTheWholePathToTheQuestion() throws Exception {
        worker.take(Topology.REQUEST_QUEUE);
        ReplyName first = replica.ask("One");
        worker.next();
        worker.say(worker.started(first, 1), worker.completed(first, 1, "Two"));

        replica.askNext(first, "Three");

        assertThat(worker.next().messages())
                .containsExactly(
                        new ChatMessage(Role.USER, "One"),
                        new ChatMessage(Role.ASSISTANT, "Two"),
                        new ChatMessage(Role.USER, "Three"));
    }

    @Test
    void leavesOutTheOldestMessagesOverTheLimit() throws Exception {
        Replica small = SERVERS.startReplica("parley.reply.request-text=9B");
        worker.take(Topology.REQUEST_QUEUE);
        ReplyName first = small.ask("One");
        worker.next();
        worker.say(worker.started(first, 1), worker.completed(first, 1, "Two"));
        await().until(() -> !small.log(first, "reply.completed").isEmpty());

        small.askNext(first, "Three");

        assertThat(worker.next().messages())
                .containsExactly(new ChatMessage(Role.ASSISTANT, "Two"), new ChatMessage(Role.USER, "Three"));
    }

    @Test
    void runsAReplyAloneThatLostTwoWorkers() throws Exception {
        replica.close(); // it would give the worker its own lease
        replica = SERVERS.startReplica("parley.history.lease=500ms");
        worker.take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Poison");
        worker.next();
        worker.say(worker.started(reply, 1));
        assertThat(worker.next().attempt()).isEqualTo(2);
        worker.say(worker.started(reply, 2));

        TestWorker soloWorker = SERVERS.connectWorker().take(Topology.SOLO_QUEUE);

        ReplyRequested request = soloWorker.next();
        assertThat(request.reply()).isEqualTo(reply);
        assertThat(request.attempt()).isEqualTo(3);
        assertThat(request.again()).isFalse();
        assertThat(worker.hasRequests()).isFalse();
    }

    @Test
    void keepsAPublisherFromDoingMoreThanItsRateAfterAnOutage() throws Exception {
        replica.close(); // it would publish some of them, too
        Replica slow = SERVERS.startReplica("parley.reply.resume-rate=8", "parley.reply.sweep-every=250ms");
        worker.take(Topology.REQUEST_QUEUE);
        for (int i = 0; i < 12; i++) {
            slow.acceptOnly("Hello");
        }

        worker.next();
        long first = System.nanoTime();
        for (int i = 1; i < 12; i++) {
            worker.next();
        }

        // Two in each sweep: six sweeps, five pauses between them; less if the first one is seen late.
        assertThat(Duration.ofNanos(System.nanoTime() - first)).isGreaterThan(Duration.ofMillis(500));
    }
}
