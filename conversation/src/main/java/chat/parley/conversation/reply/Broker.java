package chat.parley.conversation.reply;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * Keeps the connections to RabbitMQ open: while one is broken it is tried again every 200 ms
 * ({@code parley.reply.reconnect}). Each new consuming connection starts by declaring the topology.
 */
@Component
class Broker implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Broker.class);

    private final CachingConnectionFactory publishingFactory;
    private final CachingConnectionFactory consumingFactory;
    private final AmqpAdmin topology;
    private final ReplyProperties properties;
    private volatile org.springframework.amqp.rabbit.connection.@Nullable Connection publishing;
    private volatile @Nullable Link consuming;
    private volatile boolean running;
    private boolean complained;

    Broker(
            CachingConnectionFactory publishing,
            @Qualifier("consuming") CachingConnectionFactory consuming,
            AmqpAdmin topology,
            ReplyProperties properties) {
        this.publishingFactory = publishing;
        this.consumingFactory = consuming;
        this.topology = topology;
        this.properties = properties;
    }

    /**
     * The connection for consuming.
     *
     * @param openedAt by {@link System#nanoTime}
     */
    record Link(Connection connection, long openedAt) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - openedAt);
        }
    }

    /** The consuming connection, if it is open. */
    Optional<Link> consuming() {
        return Optional.ofNullable(consuming).filter(link -> link.connection().isOpen());
    }

    /**
     * Whether anyone consumes this queue.
     *
     * @throws IOException if the broker can't say
     */
    boolean hasConsumer(String queue) throws IOException {
        Link link = consuming().orElseThrow(() -> new IOException("RabbitMQ is away"));
        Channel channel = link.connection().createChannel();
        if (channel == null) {
            throw new IOException("The connection has no channel left");
        }
        try {
            return channel.consumerCount(queue) > 0;
        } finally {
            channel.abort();
        }
    }

    /** Whether what is published now has a chance to arrive. */
    boolean canPublish() {
        org.springframework.amqp.rabbit.connection.Connection connection = publishing;
        return connection != null && connection.isOpen();
    }

    /** Whether workers may still be on their way back, as Conversation itself just was. */
    boolean isYoung() {
        return !isOlderThan(properties.young());
    }

    /** Whether the consuming connection is open, and has been for so long. */
    boolean isOlderThan(Duration age) {
        return consuming().filter(link -> link.age().compareTo(age) >= 0).isPresent();
    }

    /**
     * Declares what both services rely on, if this one may.
     *
     * @throws AmqpException if the broker refused, or could not be reached
     */
    synchronized void declareTopology() {
        if (properties.declare()) {
            topology.initialize();
        }
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name("broker").start(this::keep);
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void keep() {
        while (running) {
            try {
                connect();
            } catch (RuntimeException | Error e) {
                complain(e);
            }
            try {
                Thread.sleep(properties.reconnect());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void connect() {
        if (consuming().isEmpty()) {
            openConsuming();
        }
        if (!canPublish()) {
            publishing = publishingFactory.createConnection();
        }
        if (complained) {
            complained = false;
            log.info("RabbitMQ is back");
        }
    }

    private void openConsuming() {
        consuming = null;
        Connection connection = consumingFactory.createConnection().getDelegate();
        try {
            declareTopology();
        } catch (AmqpException e) {
            consumingFactory.resetConnection();
            throw e;
        }
        consuming = new Link(connection, System.nanoTime());
    }

    /** One line per outage, not five a second. */
    private void complain(Throwable e) {
        if (!complained && running) {
            complained = true;
            log.warn(
                    "RabbitMQ can't be used {} TLS, trying again every {} ms: {}",
                    consumingFactory.getRabbitConnectionFactory().isSSL() ? "with" : "without",
                    properties.reconnect().toMillis(),
                    NestedExceptionUtils.getMostSpecificCause(e).toString());
        }
    }
}
