package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.ConversationName;
import chat.parley.events.ControlEvent.CancelRequested;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyName;
import chat.parley.events.Topology;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that come late, again, or from the wrong one: they change nothing of anyone else, and bring nothing back. */
class TenantsIT {
    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    private Replica replica;
    private TestWorker worker;

    @BeforeEach
    void start() throws Exception {
        replica = SERVERS.startReplica("parley.reply.young=0s");
        worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
    }

    @Test
    void anEventOfOneUserNeverReachesAnotherWithTheSameIds() throws Exception {
        ReplyName hers = replica.ask("Hello");
        worker.next();
        ReplyEvent[] story = {
            worker.started(hers, 1), worker.delta(hers, 1, 0, 0, "For her"), worker.completed(hers, 1, "For her")
        };
        worker.say(story);
        await().until(() -> replica.types(hers).contains("reply.completed"));

        // On the same partition, so that nothing but the name tells them apart.
        ReplyName his = replica.ask(new ConversationName(inShardOf(hers.userId()), new Id("c")), "Hello");
        TestWorker second = SERVERS.connectWorker();
        worker.next();
        second.say(second.started(his, 1));
        await().until(() -> replica.types(his).contains("reply.started"));

        worker.say(story);
        // And one that takes his name, but not his place.
        worker.say(worker.delta(his, 1, 0, 0, "Forged"), worker.completed(his, 1, "Forged"));

        second.say(second.delta(his, 1, 0, 0, "For him"), second.completed(his, 1, "For him"));
        await().until(() -> replica.types(his).contains("reply.completed"));
        assertThat(replica.text(his)).isEqualTo("For him");
        assertThat(replica.log(his).toString()).doesNotContain("For her", "Forged");
        assertThat(replica.text(hers)).isEqualTo("For her");
    }

    @Test
    void whatIsUnderWayDoesNotBringADeletedConversationBack() throws Exception {
        ReplyName reply = replica.ask(someConversation(), "Words of a person");
        replica.askNext(reply, "More words");
        worker.next();
        worker.say(worker.started(reply, 1), worker.delta(reply, 1, 0, 0, "Words of a model"));
        await().until(() -> replica.types(reply).contains("reply.delta"));
        assertThat(keysWith(reply)).hasSizeGreaterThan(5);

        replica.delete(reply);

        assertThat(worker.nextHint()).isEqualTo(new CancelRequested(reply, 1));
        worker.say(worker.delta(reply, 1, 1, 16, "Late"), worker.completed(reply, 1, "Late"));
        worker.say(worker.titled(reply, 1, "Late"));
        worker.say(worker.started(reply, 2), worker.completed(reply, 2, "Later"));
        // What the same partition says next is applied after all that.
        ReplyName fence = replica.ask(new ConversationName(reply.userId(), new Id("fence")), "Hello");
        worker.say(worker.started(fence, 1), worker.completed(fence, 1, "Hi"));
        await().until(() -> replica.types(fence).contains("reply.completed"));
        assertThat(keysWith(reply)).singleElement().asString().endsWith(":gone");
    }

    @Test
    void aRequestThatWaitsIsNotAnsweredInADeletedConversation() throws Exception {
        worker.close();
        ReplyName reply = replica.ask(someConversation(), "Hello");
        await().until(() -> replica.offered(reply, 1));
        replica.delete(reply);
        assertThat(keysWith(reply)).singleElement().asString().endsWith(":gone");

        // The request is still in its queue, and a worker that does not know takes it.
        TestWorker late = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        assertThat(late.next().reply()).isEqualTo(reply);
        late.say(late.started(reply, 1));

        assertThat(late.nextHint()).isEqualTo(new CancelRequested(reply, 1));
        assertThat(keysWith(reply)).singleElement().asString().endsWith(":gone");
    }

    private static Id inShardOf(Id userId) {
        Id other = Id.random();
        while (Topology.shardOf(other) != Topology.shardOf(userId)) {
            other = Id.random();
        }
        return other;
    }

    /** One whose id is nothing else's. */
    private static ConversationName someConversation() {
        return new ConversationName(Id.random(), Id.random());
    }

    /** Every key that has the id of the reply's conversation in its name, or in what it holds. */
    private static List<String> keysWith(ReplyName reply) {
        String id = reply.conversationId().value();
        List<String> found = new ArrayList<>();
        SERVERS.inRedis(redis -> {
            for (String key : redis.keys("*")) {
                if (key.contains(id) || members(redis, key).contains(id)) {
                    found.add(key);
                }
            }
        });
        return found;
    }

    private static String members(RedisCommands<String, String> redis, String key) {
        return switch (redis.type(key)) {
            case "zset" -> redis.zrange(key, 0, -1).toString();
            case "set" -> redis.smembers(key).toString();
            case "hash" -> redis.hgetall(key).toString();
            case "list" -> redis.lrange(key, 0, -1).toString();
            case "stream" -> redis.xrange(key, Range.unbounded()).toString();
            default -> redis.get(key);
        };
    }
}
