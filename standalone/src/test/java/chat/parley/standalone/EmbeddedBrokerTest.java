package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.parley.events.Topology;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.core.Queue;

class EmbeddedBrokerTest {
    private static final int MAX_BYTES = 1_000_000;
    private static final byte[] BODY = "[]".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private Connection connection;
    private Channel channel;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void connect() throws Exception {
        connection = factory().newConnection();
        channel = connection.createChannel();
        declareTopology(channel);
    }

    @AfterEach
    void disconnect() throws Exception {
        for (Topology.Queue queue : Topology.queues()) {
            channel.queuePurge(queue.name());
        }
        connection.close();
    }

    @Test
    void takesTheWholeTopologyAgainAndAgain() throws Exception {
        declareTopology(channel);

        for (Topology.Queue queue : Topology.queues()) {
            assertThat(channel.queueDeclarePassive(queue.name()).getQueue()).isEqualTo(queue.name());
        }
    }

    @Test
    void refusesAStranger() {
        ConnectionFactory stranger = factory();
        stranger.setPassword("guest");

        assertThatThrownBy(stranger::newConnection).isInstanceOf(PossibleAuthenticationFailureException.class);
    }

    @Test
    void routesAndConfirmsAMandatoryMessage() throws Exception {
        channel.confirmSelect();

        publish(Topology.REQUESTS, Topology.ANY, BODY);

        assertThat(channel.waitForConfirms(5000)).isTrue();
        GetResponse got = channel.basicGet(Topology.REQUEST_QUEUE, true);
        assertThat(got.getBody()).isEqualTo(BODY);
        assertThat(got.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void returnsAMessageThatLeadsNowhere() throws Exception {
        BlockingQueue<Integer> returned = new LinkedBlockingQueue<>();
        channel.addReturnListener(message -> returned.add(message.getReplyCode()));
        channel.confirmSelect();

        publish(Topology.CONTROL, "no-such-worker", BODY);

        assertThat(channel.waitForConfirms(5000)).isFalse();
        assertThat(returned.poll(5, TimeUnit.SECONDS)).isEqualTo(AMQP.NO_ROUTE);
    }

    @Test
    void movesARejectedMessageToTheDeadLettersAfterOneDelivery() throws Exception {
        publish(Topology.REPLIES, Topology.partitionKey(3), BODY);
        GetResponse got = awaitMessage(Topology.replyQueue(3));

        channel.basicReject(got.getEnvelope().getDeliveryTag(), false);

        GetResponse dead = awaitMessage(Topology.DEAD_QUEUE);
        assertThat(dead.getBody()).isEqualTo(BODY);
        // By which Conversation knows where it came from: this broker adds no header that says so.
        assertThat(dead.getEnvelope().getRoutingKey()).isEqualTo(Topology.partitionKey(3));
        assertThat(channel.messageCount(Topology.replyQueue(3))).isZero();
    }

    @Test
    void deliversAgainWhatWasNotAckedAndSaysSo() throws Exception {
        publish(Topology.REQUESTS, Topology.ANY, BODY);
        try (Connection worker = factory().newConnection()) {
            await().until(() -> worker.createChannel().basicGet(Topology.REQUEST_QUEUE, false) != null);
        }

        assertThat(awaitMessage(Topology.REQUEST_QUEUE).getEnvelope().isRedeliver())
                .isTrue();
    }

    @Test
    void letsOneConsumerOfAPartitionWorkAtATime() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        Channel first = consume(Topology.replyQueue(5), "first", received);
        consume(Topology.replyQueue(5), "second", received);

        for (int i = 0; i < 10; i++) {
            publish(Topology.REPLIES, Topology.partitionKey(5), BODY);
        }
        await().until(() -> received.size() == 10);
        assertThat(received).containsOnly("first");

        first.close();
        publish(Topology.REPLIES, Topology.partitionKey(5), BODY);
        await().until(() -> received.contains("second"));
    }

    @Test
    void refusesWhatIsOverTheBoundAndStaysUsable() throws Exception {
        channel.confirmSelect();
        byte[] large = new byte[MAX_BYTES / 2];

        publish(Topology.REPLIES, Topology.partitionKey(7), large);
        assertThat(channel.waitForConfirms(5000)).isTrue();
        publish(Topology.REPLIES, Topology.partitionKey(7), large);
        assertThat(channel.waitForConfirms(5000)).isFalse();

        assertThat(channel.messageCount(Topology.replyQueue(7))).isEqualTo(1);
        publish(Topology.REPLIES, Topology.partitionKey(8), large);
        assertThat(channel.waitForConfirms(5000)).isTrue();
    }

    @Test
    void bindsAQueueOfOneConnection() throws Exception {
        String queue = "worker.1";
        channel.queueDeclare(queue, false, true, false, translated(Map.of()));
        channel.queueBind(queue, Topology.CONTROL, "worker-1");
        channel.queueBind(queue, Topology.CONTROL_ALL, "");

        publish(Topology.CONTROL, "worker-1", BODY);
        publish(Topology.CONTROL_ALL, "", BODY);

        await().until(() -> channel.messageCount(queue) == 2);
    }

    private static ConnectionFactory factory() {
        Map<String, String> properties = broker.properties();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(properties.get("spring.rabbitmq.host"));
        factory.setPort(Integer.parseInt(properties.get("spring.rabbitmq.port")));
        factory.setUsername(properties.get("spring.rabbitmq.username"));
        factory.setPassword(properties.get("spring.rabbitmq.password"));
        factory.setVirtualHost(properties.get("spring.rabbitmq.virtual-host"));
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    private static void declareTopology(Channel channel) throws Exception {
        for (Topology.Exchange exchange : Topology.exchanges()) {
            channel.exchangeDeclare(exchange.name(), exchange.type(), true);
        }
        for (Topology.Queue queue : Topology.queues()) {
            channel.queueDeclare(queue.name(), true, false, false, translated(queue.arguments()));
        }
        for (Topology.Binding binding : Topology.bindings()) {
            channel.queueBind(binding.queue(), binding.exchange(), binding.routingKey());
        }
    }

    private static Map<String, Object> translated(Map<String, Object> arguments) {
        Queue queue = new Queue("queue", true, false, false, arguments);
        new QpidQueueArguments(MAX_BYTES).apply(queue);
        return queue.getArguments();
    }

    private void publish(String exchange, String routingKey, byte[] body) throws Exception {
        channel.basicPublish(exchange, routingKey, true, MessageProperties.PERSISTENT_BASIC, body);
    }

    private GetResponse awaitMessage(String queue) {
        return await().until(() -> channel.basicGet(queue, false), got -> got != null);
    }

    private Channel consume(String queue, String name, List<String> received) throws Exception {
        Channel consuming = connection.createChannel();
        consuming.basicConsume(queue, true, new DefaultConsumer(consuming) {
            @Override
            public void handleDelivery(
                    String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                received.add(name);
            }
        });
        return consuming;
    }
}
