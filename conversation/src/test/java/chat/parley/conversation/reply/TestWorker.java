package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.ControlEvent;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.MalformedEventException;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.ConversationTitled;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RabbitServer;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An Assistant that does what the test says. */
final class TestWorker implements AutoCloseable {
    private static final long PATIENCE_S = 20;

    final Id id;
    private final EventJson json = new EventJson();
    private Connection connection;
    private Channel channel;
    private final BlockingQueue<Delivery> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<ControlEvent> told = new LinkedBlockingQueue<>();

    private TestWorker(Id id) {
        this.id = id;
    }

    /** Connects, and takes nothing yet. */
    static TestWorker connect(RabbitServer rabbit) throws Exception {
        return connect(rabbit, Id.random());
    }

    private static TestWorker connect(RabbitServer rabbit, Id id) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        factory.setUsername(rabbit.username());
        factory.setPassword(rabbit.password());
        factory.setAutomaticRecoveryEnabled(false);
        TestWorker worker = new TestWorker(id);
        worker.connection = factory.newConnection("test-worker");
        worker.channel = worker.connection.createChannel();
        worker.channel.confirmSelect();
        worker.declareTopology();
        worker.listenToControl();
        return worker;
    }

    /** The same worker on a new connection. */
    TestWorker reconnect(RabbitServer rabbit) throws Exception {
        return connect(rabbit, id);
    }

    /** As both services do; whoever comes first. */
    void declareTopology() throws IOException {
        for (Topology.Exchange exchange : Topology.exchanges()) {
            channel.exchangeDeclare(exchange.name(), exchange.type(), true);
        }
        for (Topology.Queue queue : Topology.queues()) {
            channel.queueDeclare(queue.name(), true, false, false, queue.arguments());
        }
        for (Topology.Binding binding : Topology.bindings()) {
            channel.queueBind(binding.queue(), binding.exchange(), binding.routingKey());
        }
    }

    private void listenToControl() throws IOException {
        String queue = "assistant.control." + id;
        channel.queueDeclare(queue, false, true, false, null);
        channel.queueBind(queue, Topology.CONTROL, id.value());
        channel.basicConsume(
                queue,
                true,
                (_, delivery) -> {
                    try {
                        told.add(json.readControl(delivery.getBody()));
                    } catch (MalformedEventException e) {
                        throw new IOException(e);
                    }
                },
                _ -> {});
    }

    /** Takes requests from a queue from now on, and settles none. */
    TestWorker take(String queue) throws IOException {
        channel.basicConsume(queue, false, (_, delivery) -> requests.add(delivery), _ -> {});
        return this;
    }

    boolean exists(String queue) throws IOException {
        Channel probe = connection.createChannel();
        try {
            probe.queueDeclarePassive(queue);
            return true;
        } catch (IOException e) {
            return false; // and the channel is closed
        } finally {
            probe.abort();
        }
    }

    Channel channel() {
        return channel;
    }

    /** Waits for the next request. */
    Delivery nextDelivery() throws InterruptedException {
        @Nullable Delivery delivery = requests.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(delivery).as("a request for the worker").isNotNull();
        return delivery;
    }

    ReplyRequested read(Delivery delivery) throws MalformedEventException {
        return (ReplyRequested) json.readRequest(delivery.getBody());
    }

    /** Waits for the next request, and acknowledges it. */
    ReplyRequested next() throws Exception {
        Delivery delivery = nextDelivery();
        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        return read(delivery);
    }

    /** Waits for the next hint. */
    ControlEvent nextHint() throws InterruptedException {
        @Nullable ControlEvent event = told.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(event).as("a hint for the worker").isNotNull();
        return event;
    }

    int hints() {
        return told.size();
    }

    boolean hasRequests() {
        return !requests.isEmpty();
    }

    ReplyStarted started(ReplyName reply, int attempt) {
        return new ReplyStarted(reply, attempt, id, "model-x");
    }

    ReplyDelta delta(ReplyName reply, int attempt, int n, int offset, String text) {
        return new ReplyDelta(reply, attempt, id, n, offset, text);
    }

    ReplyHeartbeat heartbeat(ReplyName reply, int attempt) {
        return new ReplyHeartbeat(reply, attempt, id);
    }

    ReplyCompleted completed(ReplyName reply, int attempt, String text) {
        return new ReplyCompleted(reply, attempt, id, text, null);
    }

    ConversationTitled titled(ReplyName reply, int attempt, String title) {
        return new ConversationTitled(reply, attempt, id, title);
    }

    /** Says this as one message of its partition, and waits for nothing. */
    void sayUnconfirmed(ReplyEvent event) throws IOException {
        send(Topology.REPLIES, Topology.partitionKey(event.reply().shard()), json.write(List.of(event)));
    }

    /** Says these events as one message of their partition; returns when the broker has it. */
    void say(ReplyEvent... events) throws Exception {
        say(events[0].reply().shard(), json.write(List.of(events)));
    }

    void say(int partition, byte[] message) throws Exception {
        publish(Topology.REPLIES, Topology.partitionKey(partition), message);
    }

    void announce(ControlEvent event) throws Exception {
        publish(Topology.CONTROL_ALL, "", json.write(event));
    }

    void publish(String exchange, String routingKey, byte[] message)
            throws IOException, InterruptedException, TimeoutException {
        send(exchange, routingKey, message);
        channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
    }

    private void send(String exchange, String routingKey, byte[] message) throws IOException {
        channel.basicPublish(
                exchange,
                routingKey,
                new BasicProperties.Builder().deliveryMode(2).build(),
                message);
    }

    /** Goes without a word, as a killed one does. */
    @Override
    public void close() {
        connection.abort();
    }
}
