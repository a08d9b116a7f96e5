package chat.parley.bench.floor;

import chat.parley.e2e.stack.Backstage;
import chat.parley.events.Topology;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A message from one connection through a quorum queue, declared as the reply queues are, to a consumer on another. The
 * time ends when the consumer has it; before the next one it is acknowledged, and its publishing confirmed.
 */
public final class QuorumPublish implements Step, AutoCloseable {
    private static final String QUEUE = "bench.floor";
    /** About what a message with the first piece of a reply has. */
    private static final byte[] BODY = new byte[400];

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Connection publishing;
    private final Connection consuming;
    private final Channel publisher;
    private final Channel consumer;
    private final BlockingQueue<Delivery> deliveries = new ArrayBlockingQueue<>(1);

    private record Delivery(long tag, long nanos) {}

    /** Declares the queue, which is gone when this is closed. */
    public QuorumPublish(Backstage backstage) throws IOException {
        publishing = backstage.connectToRabbit("bench-publisher");
        consuming = backstage.connectToRabbit("bench-consumer");
        publisher = publishing.createChannel();
        consumer = consuming.createChannel();
        Topology.Queue like = Topology.queues().stream()
                .filter(queue -> queue.name().equals(Topology.replyQueue(0)))
                .findFirst()
                .orElseThrow();
        consumer.queueDeclare(QUEUE, true, false, false, like.arguments());
        consumer.basicConsume(QUEUE, new DefaultConsumer(consumer) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
                boolean _ = deliveries.add(new Delivery(envelope.getDeliveryTag(), System.nanoTime()));
            }
        });
        publisher.confirmSelect();
    }

    @Override
    public Duration once() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        publisher.basicPublish("", QUEUE, true, MessageProperties.PERSISTENT_BASIC, BODY);
        Delivery delivery = deliveries.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (delivery == null) {
            throw new IllegalStateException("No delivery for " + PATIENCE);
        }
        try {
            publisher.waitForConfirmsOrDie(PATIENCE.toMillis());
        } catch (TimeoutException e) {
            throw new IllegalStateException("Not confirmed for " + PATIENCE, e);
        }
        consumer.basicAck(delivery.tag(), false);
        return Duration.ofNanos(delivery.nanos() - begin);
    }

    @Override
    public void close() throws IOException {
        consumer.queueDelete(QUEUE);
        consuming.close();
        publishing.close();
    }
}
