package chat.parley.assistant;

import chat.parley.events.ControlEvent;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.MalformedEventException;
import chat.parley.events.ReplyBatch;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RabbitServer;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;

/** The other side: asks for replies, and hears all that workers say. Speaks bare AMQP, so that it shares no fault. */
final class Conversation implements AutoCloseable {
    private static final Duration CONFIRMS = Duration.ofSeconds(30);

    private final EventJson json = new EventJson();
    private final ConnectionFactory factory = new ConnectionFactory();
    private final List<ReplyEvent> heard = new CopyOnWriteArrayList<>();
    private final List<ControlEvent.WorkerAnnounced> announced = new CopyOnWriteArrayList<>();
    private final List<String> raw = new CopyOnWriteArrayList<>();
    private Connection connection;
    private Channel channel;

    /**
     * Declares the topology, empties it, and begins to listen. Make it before a worker, which would otherwise take what
     * another test left.
     */
    Conversation(RabbitServer broker) {
        factory.setHost(broker.host());
        factory.setPort(broker.port());
        factory.setUsername(broker.username());
        factory.setPassword(broker.password());
        factory.setAutomaticRecoveryEnabled(false);
        connect();
        try {
            for (Topology.Queue queue : Topology.queues()) {
                channel.queuePurge(queue.name());
            }
            listen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connect() {
        try {
            connection = factory.newConnection("test");
            channel = connection.createChannel();
            channel.confirmSelect();
            for (Topology.Exchange exchange : Topology.exchanges()) {
                channel.exchangeDeclare(exchange.name(), exchange.type(), true);
            }
            for (Topology.Queue queue : Topology.queues()) {
                channel.queueDeclare(queue.name(), true, false, false, queue.arguments());
            }
            for (Topology.Binding binding : Topology.bindings()) {
                channel.queueBind(binding.queue(), binding.exchange(), binding.routingKey());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private void listen() throws IOException {
        Channel consuming = connection.createChannel();
        for (int partition = 0; partition < Topology.SHARDS; partition++) {
            consuming.basicConsume(Topology.replyQueue(partition), true, (_, delivery) -> hear(delivery), _ -> {});
        }
        String control = consuming.queueDeclare().getQueue();
        consuming.queueBind(control, Topology.CONTROL_ALL, "");
        consuming.basicConsume(control, true, (_, delivery) -> hearControl(delivery), _ -> {});
    }

    /** Comes back after its broker was away; what was heard stays. */
    void reconnect() {
        connect();
        try {
            listen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear(Delivery delivery) {
        keep(delivery.getProperties(), delivery.getBody());
        try {
            ReplyBatch batch = json.readReplies(delivery.getBody());
            heard.addAll(batch.events());
            if (!batch.malformed().isEmpty()) {
                throw new AssertionError("A worker said what is no event");
            }
        } catch (MalformedEventException e) {
            throw new AssertionError(e);
        }
    }

    private void hearControl(Delivery delivery) {
        keep(delivery.getProperties(), delivery.getBody());
        try {
            if (json.readControl(delivery.getBody()) instanceof ControlEvent.WorkerAnnounced announcement) {
                announced.add(announcement);
            }
        } catch (MalformedEventException e) {
            throw new AssertionError(e);
        }
    }

    private void keep(BasicProperties properties, byte[] body) {
        raw.add(properties + " " + new String(body, StandardCharsets.UTF_8));
    }

    /** All that any worker has said to anyone, as it came, with its headers. */
    List<String> raw() {
        return List.copyOf(raw);
    }

    /** Asks for a reply; returns when the broker has the request for good. */
    void ask(RequestEvent request) {
        ask(List.of(request));
    }

    /** Asks for all of these at once: the first one does not wait for the broker to have the last. */
    void ask(List<? extends RequestEvent> requests) {
        try {
            for (RequestEvent request : requests) {
                channel.basicPublish(
                        Topology.REQUESTS, Topology.ANY, MessageProperties.PERSISTENT_BASIC, json.write(request));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitConfirms();
    }

    /** Asks for a reply that is to run alone in its process. */
    void askSolo(RequestEvent request) {
        publish(Topology.REQUESTS, Topology.SOLO, json.write(request));
    }

    /** Says that an attempt is not wanted any more. */
    void cancel(Id worker, ReplyName reply, int attempt) {
        publish(Topology.CONTROL, worker.value(), json.write((ControlEvent)
                new ControlEvent.CancelRequested(reply, attempt)));
    }

    void publish(String exchange, String key, byte[] body) {
        publish(exchange, key, MessageProperties.PERSISTENT_BASIC, body);
    }

    void publish(String exchange, String key, BasicProperties properties, byte[] body) {
        try {
            channel.basicPublish(exchange, key, properties, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitConfirms();
    }

    private void awaitConfirms() {
        try {
            channel.waitForConfirmsOrDie(CONFIRMS.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that was said about a reply, in order, without heartbeats. */
    List<ReplyEvent> events(ReplyName reply) {
        return heard.stream()
                .filter(event -> event.reply().equals(reply))
                .filter(event -> !(event instanceof ReplyEvent.ReplyHeartbeat))
                .toList();
    }

    /** How many heartbeats were heard of a reply. */
    long heartbeats(ReplyName reply) {
        return heard.stream()
                .filter(event -> event.reply().equals(reply) && event instanceof ReplyEvent.ReplyHeartbeat)
                .count();
    }

    /** What a reader sees of an attempt: repeats dropped, the rest checked to be in order and without a gap. */
    String text(ReplyName reply, int attempt) {
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (ReplyEvent event : events(reply)) {
            if (event instanceof ReplyDelta delta && delta.attempt() == attempt && delta.n() >= next) {
                if (delta.n() != next || delta.offset() != text.length()) {
                    throw new AssertionError(
                            "Delta " + delta.n() + " at " + delta.offset() + ", not " + next + " at " + text.length());
                }
                text.append(delta.text());
                next++;
            }
        }
        return text.toString();
    }

    boolean isStarted(ReplyName reply) {
        return events(reply).stream().anyMatch(ReplyStarted.class::isInstance);
    }

    /** Whether a last event of the attempt was heard. */
    boolean isEnded(ReplyName reply, int attempt) {
        return events(reply).stream()
                .anyMatch(event -> event.attempt() == attempt
                        && (event instanceof ReplyEvent.ReplyCompleted || event instanceof ReplyEvent.AttemptFailed));
    }

    List<ControlEvent.WorkerAnnounced> announcements(Id worker) {
        return announced.stream()
                .filter(announcement -> announcement.worker().equals(worker))
                .toList();
    }

    /**
     * Messages that wait in a queue, those with a consumer not counted. Where there are to be some, wait for them: see
     * {@link #count}.
     */
    long ready(String queue) {
        return count(() -> channel.messageCount(queue));
    }

    /** Who takes messages from a queue. Where there are to be some, wait for them: see {@link #count}. */
    long consumers(String queue) {
        return count(() -> channel.consumerCount(queue));
    }

    /** What the broker says of a queue that is slow to tell it is zero; so a zero counts if it is said twice. */
    private static long count(Count count) {
        try {
            long first = count.ask();
            return first == 0 ? count.ask() : first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Count {
        long ask() throws IOException;
    }

    /** Takes all messages out of a queue. */
    List<String> take(String queue) {
        try {
            List<String> messages = new ArrayList<>();
            for (var got = channel.basicGet(queue, true); got != null; got = channel.basicGet(queue, true)) {
                keep(got.getProps(), got.getBody());
                messages.add(new String(got.getBody(), StandardCharsets.UTF_8));
            }
            return messages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
