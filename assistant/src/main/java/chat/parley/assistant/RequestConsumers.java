package chat.parley.assistant;

import chat.parley.events.Topology;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** Some consumers of request queues: each takes one request at a time. Started once, stopped once. */
final class RequestConsumers {
    /** For a channel alone; a lost connection ends these consumers. */
    private static final Duration RECOVERY = Duration.ofSeconds(1);

    private static final Duration STOP_MARGIN = Duration.ofMinutes(1);

    private final SimpleMessageListenerContainer container;
    private final RequestListener listener;
    private final ReentrantLock solo;
    private final Semaphore slots;
    private final Consumer<RequestConsumers> ended;
    private final AtomicInteger busy = new AtomicInteger();
    private int count;

    /**
     * Makes some.
     *
     * @param solo held by whoever runs a request of the solo queue
     * @param slots one is held by whoever runs a request, whichever consumers it came to
     * @param ended called after each request
     */
    RequestConsumers(
            CachingConnectionFactory connections,
            RequestListener listener,
            ReentrantLock solo,
            Semaphore slots,
            AssistantProperties properties,
            Consumer<RequestConsumers> ended,
            int count,
            String... queues) {
        this.listener = listener;
        this.solo = solo;
        this.slots = slots;
        this.ended = ended;
        this.count = count;
        SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("request-");
        threads.setVirtualThreads(true);
        container = new SimpleMessageListenerContainer(connections);
        container.setQueueNames(queues);
        container.setConcurrentConsumers(count);
        container.setPrefetchCount(1);
        container.setAcknowledgeMode(AcknowledgeMode.MANUAL);
        container.setTaskExecutor(threads);
        container.setRecoveryInterval(RECOVERY.toMillis());
        container.setFailedDeclarationRetryInterval(RECOVERY.toMillis());
        container.setRetryDeclarationInterval(RECOVERY.toMillis());
        container.setMissingQueuesFatal(false);
        container.setAutoDeclare(false);
        // Whoever is at work when these consumers stop works on, as long as a call may last.
        container.setShutdownTimeout(
                properties.timeouts().total().plus(STOP_MARGIN).toMillis());
        container.setMessageListener(
                (ChannelAwareMessageListener) (message, channel) -> on(message, Objects.requireNonNull(channel)));
    }

    void start() {
        container.start();
    }

    /** Takes no more requests, when it returns. What has come already is run, or goes back to its queue. */
    void stop() {
        container.stop(() -> {});
    }

    /** Has at least so many consumers from now on. */
    void grow(int atLeast) {
        if (atLeast > count) {
            count = atLeast;
            container.setConcurrentConsumers(atLeast);
        }
    }

    /** How many requests are being run. */
    int busy() {
        return busy.get();
    }

    private void on(Message message, Channel channel) throws Exception {
        boolean alone =
                Topology.SOLO_QUEUE.equals(message.getMessageProperties().getConsumerQueue());
        busy.incrementAndGet();
        try {
            if (alone) {
                runAlone(message, channel);
            } else {
                run(message, channel);
            }
        } finally {
            busy.decrementAndGet();
            ended.accept(this);
        }
    }

    private void runAlone(Message message, Channel channel) throws IOException, InterruptedException {
        solo.lockInterruptibly();
        try {
            run(message, channel);
        } finally {
            solo.unlock();
        }
    }

    private void run(Message message, Channel channel) throws IOException, InterruptedException {
        slots.acquire();
        try {
            listener.on(message, channel);
        } finally {
            slots.release();
        }
    }
}
