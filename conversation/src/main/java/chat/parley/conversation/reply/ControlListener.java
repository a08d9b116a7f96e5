package chat.parley.conversation.reply;

import chat.parley.events.ControlEvent;
import chat.parley.events.ControlEvent.CancelRequested;
import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.MalformedEventException;
import chat.parley.events.Topology;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Hears the hints for this replica and for all. Its queue is exclusive and new for each connection: a broken connection
 * may hold an old one for a while, and nothing in it matters.
 */
@Component
class ControlListener implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ControlListener.class);
    private static final int PREFETCH = 200;

    private final Id replica = Id.random();
    private final EventJson json;
    private final AssistantStatus status;
    private final ReplyProperties properties;
    private final QueueConsumer consumer;
    private volatile boolean running;

    ControlListener(Broker broker, EventJson json, AssistantStatus status, ReplyProperties properties, Rounds rounds) {
        this.json = json;
        this.status = status;
        this.properties = properties;
        this.consumer = new QueueConsumer(
                broker,
                new QueueConsumer.Settings(PREFETCH, PREFETCH, Duration.ZERO, properties.reconnect()),
                this::open,
                this::handle);
        rounds.every(properties.reconnect(), "look for silent workers", status::refresh);
    }

    private String open(Channel channel) throws IOException {
        String queue = "conversation.control." + replica + "." + Id.random();
        channel.queueDeclare(queue, false, true, false, null);
        channel.queueBind(queue, Topology.CONTROL, replica.value());
        channel.queueBind(queue, Topology.CONTROL_ALL, "");
        return queue;
    }

    private void handle(List<Delivery> deliveries, QueueConsumer.Session session) throws IOException {
        for (Delivery delivery : deliveries) {
            try {
                on(json.readControl(delivery.getBody()));
            } catch (MalformedEventException e) {
                // Said by another version, or by no one of us: a hint less.
                log.debug("Not a control event: {}", e.getMessage());
            }
        }
        session.acknowledgeUpTo(deliveries.getLast());
    }

    private void on(ControlEvent event) {
        switch (event) {
            case WorkerAnnounced worker -> status.on(worker);
            case CancelRequested _ -> {} // for workers
        }
    }

    @Override
    public void start() {
        running = true;
        consumer.start();
    }

    @Override
    public void stop() {
        running = false;
        QueueConsumer.stop(List.of(consumer), properties.stopBudget());
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
