package chat.parley.assistant;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Keeps the connections to RabbitMQ open: while one is broken it is tried again every
 * {@code parley.assistant.reconnect}. Each new consuming connection is set up by its users before it counts as there.
 */
final class BrokerLink implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(BrokerLink.class);

    /** Something that lives on the consuming connection. */
    interface User {
        /**
         * A new connection is there.
         *
         * @throws AmqpException if it can't be used; another one is made then
         */
        void connected(Connection connection);

        /** The connection is gone. */
        void disconnected();
    }

    private final CachingConnectionFactory consuming;
    private final CachingConnectionFactory publishing;
    private final Duration retry;
    private final List<User> users = new CopyOnWriteArrayList<>();
    /** Of the client, not the factory's: that one is open again as soon as anyone else has it opened anew. */
    private volatile com.rabbitmq.client.@Nullable Connection consumingConnection;

    private volatile @Nullable Connection publishingConnection;
    private volatile @Nullable Thread keeper;
    private boolean complained;

    BrokerLink(CachingConnectionFactory consuming, CachingConnectionFactory publishing, Duration retry) {
        this.consuming = consuming;
        this.publishing = publishing;
        this.retry = retry;
    }

    /** Adds a user; the order is that in which a connection is set up. */
    void use(User user) {
        users.add(user);
    }

    /** Whether requests can come and events can go. */
    boolean isUp() {
        return canConsume() && canPublish();
    }

    private boolean canConsume() {
        com.rabbitmq.client.Connection connection = consumingConnection;
        return connection != null && connection.isOpen();
    }

    private boolean canPublish() {
        Connection connection = publishingConnection;
        return connection != null && connection.isOpen();
    }

    @Override
    public void start() {
        // Not started at once: it looks whether it still is the keeper.
        Thread thread = Thread.ofVirtual().name("broker-link").unstarted(this::keep);
        keeper = thread;
        thread.start();
    }

    @Override
    public void stop() {
        Thread running = keeper;
        keeper = null;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Stops after {@link Drain}, which still needs the connections. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public boolean isRunning() {
        return keeper != null;
    }

    private void keep() {
        while (keeper == Thread.currentThread()) {
            try {
                connect();
            } catch (RuntimeException | Error e) {
                complain(e);
            }
            try {
                Thread.sleep(retry);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void connect() {
        if (!canPublish()) {
            publishingConnection = publishing.createConnection();
        }
        if (!canConsume()) {
            connectConsuming();
        }
        if (complained) {
            complained = false;
            log.info("RabbitMQ is back");
        }
    }

    private void connectConsuming() {
        if (consumingConnection != null) {
            consumingConnection = null;
            users.forEach(User::disconnected);
        }
        Connection connection = consuming.createConnection();
        com.rabbitmq.client.Connection opened = connection.getDelegate();
        try {
            users.forEach(user -> user.connected(connection));
        } catch (RuntimeException e) {
            users.forEach(User::disconnected);
            consuming.resetConnection();
            throw e;
        }
        consumingConnection = opened;
    }

    /** One line per outage, not five a second. */
    private void complain(Throwable e) {
        if (!complained && keeper != null) {
            complained = true;
            log.warn(
                    "RabbitMQ can't be used {} TLS, trying again every {} ms: {}",
                    consuming.getRabbitConnectionFactory().isSSL() ? "with" : "without",
                    retry.toMillis(),
                    NestedExceptionUtils.getMostSpecificCause(e).toString());
        }
    }
}
