package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import chat.parley.events.Topology;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TwoReplicasIT {
    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    @Test
    void shareThePartitions() throws Exception {
        TestWorker worker = SERVERS.connectWorker();
        Replica first = SERVERS.startReplica("parley.reply.share-after=1h");
        await().until(() -> first.partitions() == Topology.SHARDS / 2);
        Replica second = SERVERS.startReplica();
        await().until(() -> second.partitions() == Topology.SHARDS);

        for (int partition = 0; partition < Topology.SHARDS; partition++) {
            worker.say(worker.heartbeat(replyIn(partition), 1));
        }

        await().until(() -> first.events("ended") + second.events("ended") == Topology.SHARDS);
        assertThat(first.events("ended")).isEqualTo(Topology.SHARDS / 2);
    }

    @Test
    void handOverAtOnceAndLoseNothingWhenOneIsStopped() throws Exception {
        Replica first = SERVERS.startReplica();
        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        ReplyName reply = first.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        await().until(() -> first.events("applied") == 1);
        Replica second = SERVERS.startReplica();
        await().until(() -> second.partitions() == Topology.SHARDS);

        CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < 200; n++) {
            worker.say(worker.delta(reply, 1, n, text.length(), n + " "));
            text.append(n).append(' ');
            if (n == 100) {
                stopped = CompletableFuture.runAsync(first::close);
            }
        }
        stopped.join();
        worker.say(worker.completed(reply, 1, text.toString()));

        await().until(() -> !second.log(reply, "reply.completed").isEmpty());
        assertThat(second.log(reply, "reply.delta")).hasSize(200);
        assertThat(second.events("gap")).isZero();
        assertThat(second.events("applied")).isPositive();
    }

    @Test
    void haveAllPartitionsWhenOneDiesSoonAfterTheOtherStarted() throws Exception {
        Replica first = SERVERS.startReplica();
        TestWorker worker = SERVERS.connectWorker();
        await().until(() -> first.partitions() == Topology.SHARDS);
        Replica second = SERVERS.startReplica("parley.reply.share-after=1h");
        await().until(() -> second.partitions() == Topology.SHARDS);

        first.die();
        for (int partition = 0; partition < Topology.SHARDS; partition++) {
            worker.say(worker.heartbeat(replyIn(partition), 1));
        }

        await().until(() -> second.events("ended") == Topology.SHARDS);
    }

    private static ReplyName replyIn(int partition) {
        while (true) {
            ReplyName reply = new ReplyName(Id.random(), new Id("c"), new Id("r"));
            if (reply.shard() == partition) {
                return reply;
            }
        }
    }

    @Test
    void goOnWhenTheOneThatHasThePartitionDies() throws Exception {
        Replica first = SERVERS.startReplica();
        TestWorker worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        ReplyName reply = first.ask("Hello");
        worker.next();
        worker.say(worker.started(reply, 1));
        await().until(() -> first.events("applied") == 1);
        Replica second = SERVERS.startReplica();
        await().until(() -> second.partitions() == Topology.SHARDS);

        first.die();
        worker.say(worker.delta(reply, 1, 0, 0, "Hi"));
        await().until(() -> second.events("applied") == 1);
    }
}
