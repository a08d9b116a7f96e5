package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.DeadLetter;
import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.ReplyName;
import chat.parley.events.Topology;
import chat.parley.testing.hostile.HostileMessage;
import chat.parley.testing.hostile.Trap;
import com.rabbitmq.client.AMQP.BasicProperties;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What comes from the broker is data of known types: it makes no object of a class that it names, and unpacks nothing.
 */
class HostileEventsIT {
    @RegisterExtension
    private static final ReplyServers SERVERS = new ReplyServers();

    private Replica replica;
    private TestWorker worker;
    private ReplyName reply;

    @BeforeEach
    void ask() throws Exception {
        Trap.reset();
        replica = SERVERS.startReplica();
        worker = SERVERS.connectWorker().take(Topology.REQUEST_QUEUE);
        reply = replica.ask("Hello");
        worker.next();
    }

    @Test
    void areDeadLettersAndNothingElse() throws Exception {
        List<Integer> lengths = new ArrayList<>();
        for (HostileMessage hostile : HostileMessage.values()) {
            publish(Topology.REPLIES, Topology.partitionKey(reply.shard()), hostile, hostile.inAList());
            lengths.add(hostile.inAList().length);
        }

        worker.say(worker.started(reply, 1), worker.completed(reply, 1, "Hi"));
        await().until(() -> replica.types(reply).contains("reply.completed"));
        await().until(() -> replica.deadLetters().size() == lengths.size());
        // As they came: not one was unpacked.
        assertThat(replica.deadLetters()).extracting(DeadLetter::bytes).containsExactlyInAnyOrderElementsOf(lengths);
        assertThat(Trap.sprung()).isZero();
    }

    @Test
    void areNoHints() throws Exception {
        for (HostileMessage hostile : HostileMessage.values()) {
            publish(Topology.CONTROL_ALL, "", hostile, hostile.body());
        }

        AssistantStatus status = replica.bean(AssistantStatus.class);
        await().until(() -> {
            worker.announce(new WorkerAnnounced(worker.id, List.of("model-x"), false, 0, 4, true, false));
            return status.current().state() == AssistantStatus.State.UP;
        });
        assertThat(Trap.sprung()).isZero();
    }

    private void publish(String exchange, String routingKey, HostileMessage hostile, byte[] body) throws Exception {
        BasicProperties properties = new BasicProperties.Builder()
                .deliveryMode(2)
                .contentType(hostile.contentType())
                .contentEncoding(hostile.contentEncoding())
                .headers(HostileMessage.HEADERS)
                .build();
        worker.channel().basicPublish(exchange, routingKey, properties, body);
        worker.channel().waitForConfirmsOrDie(20_000);
    }
}
