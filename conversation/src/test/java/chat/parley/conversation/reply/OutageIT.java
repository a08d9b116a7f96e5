package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.OpenReply.State;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import com.rabbitmq.client.DefaultConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("kills-servers")
class OutageIT {
    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    /** RabbitMQ 3.10 never recovers a quorum queue that it made shortly before it was killed. */
    @BeforeEach
    void settle() {
        SERVERS.rabbit().settle();
    }

    @Test
    void startsWithoutABrokerAndIsNotReady() throws Exception {
        SERVERS.rabbit().kill();
        Replica replica = SERVERS.startReplica();
        assertThat(replica.isReady()).isFalse();
        ReplyName reply = replica.ask("Hello");

        SERVERS.rabbit().restart();

        ReplyRequested request =
                SERVERS.connectWorker().take(Topology.REQUEST_QUEUE).next();
        assertThat(request.reply()).isEqualTo(reply);
        assertThat(request.again()).isFalse();
        await().until(replica::isReady);
    }

    @Test
    void publishesWhatWasAskedWhileTheBrokerWasAway() throws Exception {
        Replica replica = SERVERS.startReplica();
        await().until(replica::isReady);
        SERVERS.rabbit().kill();
        List<ReplyName> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(replica.ask("Question " + i));
        }

        SERVERS.rabbit().restart();

        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        Set<ReplyName> arrived = new HashSet<>();
        while (arrived.size() < asked.size()) {
            arrived.add(worker.next().reply());
        }
        assertThat(arrived).containsExactlyInAnyOrderElementsOf(asked);
        await().until(() -> asked.stream().allMatch(reply -> replica.offered(reply, 1)));
    }

    @Test
    void goesOnWithTheSameAttemptWhenTheBrokerIsBack() throws Exception {
        // The broker is away for longer than the lease, and Conversation may be back before the worker.
        Replica replica = SERVERS.startReplica("parley.history.lease=1s", "parley.reply.reap-from=20s");
        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1), worker.delta(reply, 1, 0, 0, "Before "));
        await().until(() -> !replica.log(reply, "reply.delta").isEmpty());

        SERVERS.rabbit().kill();
        SERVERS.rabbit().restart();
        TestWorker back = worker.reconnect(SERVERS.rabbit());
        back.say(back.delta(reply, 1, 0, 0, "Before "), back.delta(reply, 1, 1, 7, "after"));
        back.say(back.completed(reply, 1, "Before after"));

        await().until(() -> !replica.log(reply, "reply.completed").isEmpty());
        assertThat(replica.log(reply, "reply.delta")).hasSize(2);
        assertThat(replica.log(reply, "reply.started")).hasSize(1);
        assertThat(replica.log(reply, "reply.retrying")).isEmpty();
    }

    @Test
    void losesNothingWhenTheStoreIsKilledInMidStream() throws Exception {
        Replica replica = SERVERS.startReplica();
        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        StringBuilder text = new StringBuilder();

        for (int n = 0; n < 200; n++) {
            worker.say(worker.delta(reply, 1, n, text.length(), n + " "));
            text.append(n).append(' ');
            if (n == 50) {
                SERVERS.redis().kill();
            }
            if (n == 150) {
                SERVERS.redis().restart();
            }
        }
        worker.say(worker.completed(reply, 1, text.toString()));

        await().ignoreExceptions()
                .until(() -> !replica.log(reply, "reply.completed").isEmpty());
        assertThat(replica.text(reply)).isEqualTo(text.toString());
        assertThat(replica.log(reply, "reply.started")).hasSize(1);
        assertThat(replica.log(reply, "reply.delta"))
                .extracting(event -> event.path("text").asString())
                .hasSize(200)
                .doesNotHaveDuplicates();
        assertThat(replica.deadLetters()).isEmpty();
    }

    @Test
    void replacesNoWorkerBecauseTheStoreWasAwayForLongerThanALease() throws Exception {
        // The worker must not be silent for so long before the store is away.
        Duration lease = Duration.ofSeconds(5);
        Replica replica = SERVERS.startReplica("parley.history.lease=5s");
        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        await().until(() -> replica.open(reply).state() == State.STREAMING);

        SERVERS.redis().kill();
        long until = System.nanoTime() + lease.plusSeconds(2).toNanos();
        StringBuilder text = new StringBuilder();
        await().until(() -> {
            worker.say(worker.delta(reply, 1, text.length(), text.length(), "x"));
            text.append('x');
            return System.nanoTime() > until;
        });
        SERVERS.redis().restart();
        worker.say(worker.completed(reply, 1, text.toString()));

        await().ignoreExceptions()
                .until(() -> !replica.log(reply, "reply.completed").isEmpty());
        assertThat(replica.log(reply, "reply.retrying")).isEmpty();
        assertThat(replica.text(reply)).isEqualTo(text.toString());
    }

    @Test
    void goesOnWhenTheStoreHasMemoryAgain() throws Exception {
        Replica replica = SERVERS.startReplica();
        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        await().until(() -> !replica.log(reply, "reply.started").isEmpty());

        SERVERS.inRedis(redis -> redis.configSet("maxmemory", "1"));
        worker.say(worker.delta(reply, 1, 0, 0, "Hi"), worker.completed(reply, 1, "Hi"));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> replica.ask("Me too"))
                .extracting(RefusedException::code)
                .isEqualTo(ErrorCode.UNAVAILABLE);
        SERVERS.inRedis(redis -> redis.configSet("maxmemory", "0"));

        await().until(() -> !replica.log(reply, "reply.completed").isEmpty());
        assertThat(replica.text(reply)).isEqualTo("Hi");
        assertThat(replica.deadLetters()).isEmpty();
    }

    @Test
    void leavesThePartitionsToOthersWhileTheStoreTakesNothing() throws Exception {
        Replica replica = SERVERS.startReplica("parley.reply.give-back-after=1s", "parley.reply.send-away-after=2s");
        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        await().until(() -> !replica.log(reply, "reply.started").isEmpty());
        StoreWatch watch = replica.bean(StoreWatch.class);

        SERVERS.inRedis(redis -> redis.configSet("maxmemory", "1"));
        try {
            worker.say(worker.delta(reply, 1, 0, 0, "Hi"));
            await().until(() -> replica.partitions() == 0);
            assertThat(watch.isAway()).isTrue();
            // Another one takes them: it has the store, or it would not.
            worker.channel().basicQos(1);
            for (int partition = 0; partition < Topology.SHARDS; partition++) {
                worker.channel().basicConsume(Topology.replyQueue(partition), new DefaultConsumer(worker.channel()));
            }
            await().until(watch::isElsewhere);
            worker.close();
            await().until(() -> !watch.isElsewhere());
        } finally {
            SERVERS.inRedis(redis -> redis.configSet("maxmemory", "0"));
        }

        TestWorker back = worker.reconnect(SERVERS.rabbit());
        back.say(back.completed(reply, 1, "Hi"));
        await().until(() -> !replica.log(reply, "reply.completed").isEmpty());
        assertThat(replica.text(reply)).isEqualTo("Hi");
        await().until(() -> replica.partitions() == Topology.SHARDS);
        assertThat(watch.isAway()).isFalse();
    }

    @Test
    void replacesNoWorkerBecauseTheBrokerStoodStillForLongerThanALease() throws Exception {
        // The worker must not be silent for so long before the broker stands still.
        Replica replica = SERVERS.startReplica("parley.history.lease=5s");
        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        ReplyName reply = replica.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        await().until(() -> !replica.log(reply, "reply.started").isEmpty());

        SERVERS.rabbit().pause();
        await().until(() -> replica.overdueWithin(reply, 1, Duration.ofSeconds(-2)));
        SERVERS.rabbit().resume();
        worker.say(worker.delta(reply, 1, 0, 0, "Still here"));
        worker.say(worker.completed(reply, 1, "Still here"));

        await().until(() -> !replica.log(reply, "reply.completed").isEmpty());
        assertThat(replica.log(reply, "reply.retrying")).isEmpty();
    }

    @Test
    void isNotReadyWhileTheStoreIsAway() throws Exception {
        Replica replica = SERVERS.startReplica();
        await().until(replica::isReady);

        SERVERS.redis().kill();
        await().until(() -> !replica.isReady());

        SERVERS.redis().restart();
        await().until(replica::isReady);
    }
}
