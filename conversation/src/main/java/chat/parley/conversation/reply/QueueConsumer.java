package chat.parley.conversation.reply;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;

/**
 * Consumes one queue in its order, for as long as the service runs: on a channel and a virtual thread of its own, one
 * batch of deliveries after the other. What was delivered while a batch is handled is the next batch. After any failure
 * it opens a new channel; what was not acknowledged comes again.
 */
final class QueueConsumer {
    private static final Logger log = LoggerFactory.getLogger(QueueConsumer.class);
    private static final Delivery END =
            new Delivery(new Envelope(0, false, "", ""), new BasicProperties.Builder().build(), new byte[0]);
    private static final int NOT_FOUND = 404;
    /** Replicas notice within less than this that the store is back. */
    private static final Duration LEAVE_AFTER_STORE = Duration.ofMillis(1500);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Broker broker;
    private final Settings settings;
    private final Opening opening;
    private final Handler handler;
    private volatile boolean stopping;
    private volatile @Nullable Session session;
    private @Nullable StoreWatch store;
    private @Nullable Thread thread;
    private boolean opened;

    QueueConsumer(Broker broker, Settings settings, Opening opening, Handler handler) {
        this.broker = broker;
        this.settings = settings;
        this.opening = opening;
        this.handler = handler;
    }

    /**
     * How a queue is consumed.
     *
     * @param prefetch deliveries that the broker may send ahead
     * @param batch most deliveries that are handled at once
     * @param leaveFor how long a new connection leaves a queue that nobody consumes to others; when only the store was
     *     away, 1.5 s at most
     * @param retry before anything that failed is tried again
     */
    record Settings(int prefetch, int batch, Duration leaveFor, Duration retry) {}

    /** Says which queue is to be consumed, having made it if need be. */
    interface Opening {
        String open(Channel channel) throws IOException;
    }

    /** Handles deliveries and settles each of them; what it leaves unsettled when it throws comes again. */
    interface Handler {
        void handle(List<Delivery> deliveries, Session session) throws IOException;
    }

    /** Consumes only while this replica has the store; what it has in hand goes to others when the store is away. */
    QueueConsumer needing(StoreWatch store) {
        this.store = store;
        store.onAway(() -> end(session));
        return this;
    }

    void start() {
        stopping = false;
        thread = Thread.ofVirtual().name("consume").start(this::run);
    }

    /**
     * Stops all of them: each finishes the batch it has in hand, and the rest goes back to its queue.
     *
     * @param budget how long that may take; after it their connection is closed, and what they had comes again
     */
    static void stop(List<QueueConsumer> consumers, Duration budget) {
        consumers.forEach(QueueConsumer::signalStop);
        long until = System.nanoTime() + budget.toNanos();
        try {
            for (QueueConsumer consumer : consumers) {
                consumer.awaitStop(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the broker knows this consumer now. */
    boolean isConsuming() {
        return session != null;
    }

    private void signalStop() {
        stopping = true;
        end(session);
    }

    private static void end(@Nullable Session session) {
        if (session != null) {
            session.end();
        }
    }

    private boolean mayConsume() {
        return store == null || !store.isAway();
    }

    private void awaitStop(Duration most) throws InterruptedException {
        Thread running = thread;
        if (running != null && !running.join(most)) {
            log.warn("A consumer did not finish in time; what it has in hand comes again");
        }
    }

    private void run() {
        Duration pause = settings.retry();
        while (!stopping) {
            opened = false;
            if (!mayConsume()) {
                pause(settings.retry());
                continue;
            }
            Optional<Broker.Link> link = broker.consuming();
            if (link.isPresent()) {
                try {
                    consume(link.get());
                } catch (IOException | ShutdownSignalException e) {
                    failed(e);
                } catch (RuntimeException | Error e) {
                    log.error("A consumer failed; it starts anew, and what it had in hand comes again", e);
                }
                // A queue that can't be opened may take the whole connection with it (RabbitMQ says 541): it tries
                // more and more seldom, so that the others get on.
                pause = opened ? settings.retry() : min(pause.multipliedBy(2), LONGEST_PAUSE);
            }
            pause(pause);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    private void consume(Broker.Link link) throws IOException {
        Channel channel = link.connection().createChannel();
        if (channel == null) {
            throw new IOException("The connection has no channel left");
        }
        try {
            String queue = opening.open(channel);
            if (!awaitTurn(link, channel, queue)) {
                return;
            }
            channel.basicQos(settings.prefetch());
            Session current = new Session(channel);
            channel.basicConsume(queue, false, current);
            opened = true;
            session = current;
            if (!mayConsume()) {
                current.end();
            }
            while (current.isOpen()) {
                List<Delivery> batch = current.take();
                if (!batch.isEmpty() && current.isOpen()) {
                    handler.handle(batch, current);
                }
            }
        } finally {
            session = null;
            close(channel);
        }
    }

    /** To wait behind another consumer takes nothing from anyone, and is there when that one dies. */
    private boolean awaitTurn(Broker.Link link, Channel channel, String queue) throws IOException {
        while (isLeftToOthers(link) && channel.consumerCount(queue) == 0) {
            pause(settings.retry());
            if (stopping || !mayConsume()) {
                return false;
            }
        }
        return true;
    }

    private boolean isLeftToOthers(Broker.Link link) {
        return link.age().compareTo(settings.leaveFor()) < 0
                || (store != null && store.isBackSinceLessThan(min(settings.leaveFor(), LEAVE_AFTER_STORE)));
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            log.trace("The channel was closed before", e);
        }
    }

    /** A lost connection is said by its keeper, a lost store by its watch; a queue that is gone is declared again. */
    private void failed(Exception e) {
        if (stopping || !mayConsume() || broker.consuming().isEmpty()) {
            return;
        }
        log.info(
                "A consumer starts anew: {}",
                e.getCause() == null ? e.toString() : e.getCause().toString());
        if (replyCode(e) == NOT_FOUND) {
            try {
                broker.declareTopology();
            } catch (AmqpException again) {
                log.warn("The queue is gone and can't be declared: {}", again.getMessage());
            }
        }
    }

    static int replyCode(Throwable e) {
        Throwable at = e;
        while (at != null) {
            if (at instanceof ShutdownSignalException signal
                    && signal.getReason() instanceof com.rabbitmq.client.AMQP.Channel.Close close) {
                return close.getReplyCode();
            }
            at = at.getCause();
        }
        return 0;
    }

    /** One stretch of consuming, on one channel. */
    final class Session extends DefaultConsumer {
        private final BlockingQueue<Delivery> inbox = new LinkedBlockingQueue<>();
        private volatile boolean ended;

        private Session(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            inbox.add(new Delivery(envelope, properties, body));
        }

        @Override
        public void handleCancel(String tag) {
            end();
        }

        @Override
        public void handleShutdownSignal(String tag, ShutdownSignalException signal) {
            end();
        }

        private void end() {
            ended = true;
            inbox.add(END);
        }

        boolean isOpen() {
            return !ended && !stopping && getChannel().isOpen();
        }

        /** Waits for deliveries; empty when the session has ended. */
        private List<Delivery> take() throws IOException {
            List<Delivery> batch = new ArrayList<>();
            try {
                batch.add(inbox.take());
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            inbox.drainTo(batch, settings.batch() - 1);
            return batch.contains(END) ? List.of() : batch;
        }

        /** Settles this delivery and all before it. */
        void acknowledgeUpTo(Delivery delivery) throws IOException {
            getChannel().basicAck(delivery.getEnvelope().getDeliveryTag(), true);
        }

        /** Sends this delivery to the dead letters. */
        void reject(Delivery delivery) throws IOException {
            getChannel().basicReject(delivery.getEnvelope().getDeliveryTag(), false);
        }

        /**
         * Does something again until it works, however long the store or the broker is away; the deliveries stay where
         * they are meanwhile.
         *
         * @throws IOException if the session has ended: it all comes again
         * @throws RefusedException if it will never work
         */
        <T> T insist(Supplier<T> step) throws IOException {
            while (true) {
                try {
                    return step.get();
                } catch (RefusedException e) {
                    if (e.code() != ErrorCode.UNAVAILABLE) {
                        throw e;
                    }
                } catch (AmqpException e) {
                    log.debug("Not published, trying again", e);
                }
                if (!isOpen()) {
                    throw new IOException("The session ended before the store took what was delivered");
                }
                pause(settings.retry());
            }
        }
    }
}
