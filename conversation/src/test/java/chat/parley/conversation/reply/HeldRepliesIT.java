package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import chat.parley.events.Topology;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One reply of a user may be in flight. */
class HeldRepliesIT {
    private static final String ONE = "parley.history.replies-per-user=1";
    private static final String NO_SWEEP = "parley.reply.admit-every=1h";

    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    private final Id user = Id.random();
    private TestWorker worker;

    @BeforeEach
    void connect() throws Exception {
        worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
    }

    @Test
    void asksForTheNextWhenOneEnds() throws Exception {
        Replica replica = SERVERS.startReplica(ONE, NO_SWEEP);
        ReplyName first = ask(replica, "first");
        ReplyName second = ask(replica, "second");
        ReplyName stranger = replica.ask("Fence");
        assertThat(List.of(worker.next().reply(), worker.next().reply())).containsExactlyInAnyOrder(first, stranger);

        worker.say(worker.started(first, 1), worker.completed(first, 1, "Hi"));

        assertThat(worker.next().reply()).isEqualTo(second);
    }

    @Test
    void asksForTheNextWhenOneIsStoppedOrItsConversationDeleted() throws Exception {
        Replica replica = SERVERS.startReplica(ONE, NO_SWEEP);
        ReplyName first = ask(replica, "first");
        ReplyName second = ask(replica, "second");
        ReplyName third = ask(replica, "third");
        assertThat(worker.next().reply()).isEqualTo(first);

        replica.bean(Replies.class).cancel(first);
        assertThat(worker.next().reply()).isEqualTo(second);
        replica.delete(second);
        assertThat(worker.next().reply()).isEqualTo(third);
    }

    @Test
    void asksForTheNextThoughWhoeverEndedOneDied() throws Exception {
        Replica replica = SERVERS.startReplica(ONE, "parley.reply.admit-every=50ms");
        ReplyName first = ask(replica, "first");
        ReplyName second = ask(replica, "second");
        worker.next();

        // As a replica does that dies before it admits anyone.
        replica.bean(ReplyStore.class)
                .apply(List.of(worker.started(first, 1), worker.completed(first, 1, "Hi")), false);

        assertThat(worker.next().reply()).isEqualTo(second);
    }

    @Test
    void asksForTheNextThoughAnOlderVersionLeftASlotTaken() throws Exception {
        Replica replica = SERVERS.startReplica(ONE, "parley.reply.admit-every=50ms", "parley.reply.reclaim-every=50ms");
        String shard = Topology.partitionKey(Topology.shardOf(user));
        SERVERS.inRedis(redis -> redis.sadd("{s" + shard + "}:u:" + user + ":in-flight", "gone/r"));

        ReplyName first = ask(replica, "first");

        assertThat(worker.next().reply()).isEqualTo(first);
    }

    @Test
    void failsAHeldReplyWhoseDeadlineIsOver() throws Exception {
        Replica replica =
                SERVERS.startReplica(ONE, NO_SWEEP, "parley.history.deadline=5s", "parley.reply.expire-every=200ms");
        // Until then it hears nothing of the start, while the first one's deadline runs.
        await().until(() -> replica.partitions() == Topology.SHARDS);
        ReplyName first = ask(replica, "first");
        worker.say(worker.started(first, 1));
        await().until(() -> !replica.log(first, "reply.started").isEmpty());

        ReplyName second = ask(replica, "second");

        await().until(() -> !replica.log(second, "reply.failed").isEmpty());
    }

    @Test
    void leavesHalfOfTheWorkersToOthers() throws Exception {
        Replica replica = SERVERS.startReplica("parley.reply.admit-every=50ms", "parley.reply.worker-silence=1m");
        await().until(() -> {
            worker.announce(new WorkerAnnounced(new Id("w"), List.of("model-x"), false, 0, 2, true, false));
            return replica.repliesPerUser() == 1;
        });
        ReplyName first = ask(replica, "first");
        ReplyName second = ask(replica, "second");
        ReplyName stranger = replica.ask("Fence");
        assertThat(List.of(worker.next().reply(), worker.next().reply())).containsExactlyInAnyOrder(first, stranger);

        worker.say(worker.started(first, 1), worker.completed(first, 1, "Hi"));

        assertThat(worker.next().reply()).isEqualTo(second);
    }

    private ReplyName ask(Replica replica, String conversationId) {
        return replica.ask(new ConversationName(user, new Id(conversationId)), "Hello");
    }
}
