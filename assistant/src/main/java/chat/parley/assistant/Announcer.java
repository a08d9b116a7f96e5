package chat.parley.assistant;

import chat.parley.events.ControlEvent;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.Topology;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** Tells every process, now and then and on change, that this worker is there and what can be asked of it. */
final class Announcer implements BrokerLink.User {
    private static final Logger log = LoggerFactory.getLogger(Announcer.class);

    private final Id worker;
    private final Provider provider;
    private final ProviderGate gate;
    private final RunningAttempts attempts;
    private final EventJson json;
    private final RabbitTemplate hints;
    private final int capacity;
    private final AtomicBoolean announcing = new AtomicBoolean();
    private volatile boolean connected;
    private volatile @Nullable Thread saying;
    private volatile boolean stopping;

    Announcer(
            Id worker,
            Provider provider,
            ProviderGate gate,
            RunningAttempts attempts,
            EventJson json,
            RabbitTemplate hints,
            AssistantProperties properties,
            ScheduledExecutorService timer) {
        this.worker = worker;
        this.provider = provider;
        this.gate = gate;
        this.attempts = attempts;
        this.json = json;
        this.hints = hints;
        this.capacity = properties.concurrency();
        long every = properties.announceEvery().toNanos();
        var _ = timer.scheduleWithFixedDelay(this::announce, every, every, TimeUnit.NANOSECONDS);
        gate.watch(this::announce);
    }

    @Override
    public void connected(Connection connection) {
        connected = true;
        announce();
    }

    @Override
    public void disconnected() {
        connected = false;
    }

    /** From now on the worker says that it takes no more requests. */
    void stopping() {
        stopping = true;
        announce();
    }

    /** Says nothing more; waits as long for what is being said, so that no connection is closed under it. */
    void end(Duration most) throws InterruptedException {
        connected = false;
        Thread last = saying;
        if (last != null) {
            var _ = last.join(most);
        }
    }

    /**
     * Says it once, in the background; not at all while there is no broker or an earlier one is stuck with the broker.
     */
    void announce() {
        if (!connected || !announcing.compareAndSet(false, true)) {
            return;
        }
        saying = Thread.ofVirtual().name("announce").start(() -> {
            try {
                hints.send(Topology.CONTROL_ALL, "", message());
            } catch (AmqpException e) {
                log.debug("Not announced: {}", e.toString());
            } finally {
                announcing.set(false);
            }
        });
    }

    private Message message() {
        ControlEvent event = new ControlEvent.WorkerAnnounced(
                worker,
                provider.models(),
                provider.demo(),
                attempts.count(),
                capacity,
                gate.state() == ProviderGate.State.OPEN,
                stopping);
        return MessageBuilder.withBody(json.write(event))
                .setContentType(MessageProperties.CONTENT_TYPE_JSON)
                .setDeliveryMode(MessageDeliveryMode.NON_PERSISTENT)
                .build();
    }
}
