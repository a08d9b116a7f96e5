package chat.parley.assistant;

import chat.parley.events.ControlEvent;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.MalformedEventException;
import chat.parley.events.Topology;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpIOException;
import org.springframework.amqp.rabbit.connection.Connection;

/**
 * Hears that an attempt is not wanted any more. Its queue is exclusive and has a new name for each connection: while an
 * old connection is half open the broker would refuse to share its name.
 */
final class ControlListener implements BrokerLink.User {
    /**
     * A broker user that may not declare the shared topology must still be allowed to configure queues of this name.
     */
    static final String QUEUE_PREFIX = "assistant.control.";

    private static final Logger log = LoggerFactory.getLogger(ControlListener.class);

    private final Id worker;
    private final EventJson json;
    private final RunningAttempts attempts;

    ControlListener(Id worker, EventJson json, RunningAttempts attempts) {
        this.worker = worker;
        this.json = json;
        this.attempts = attempts;
    }

    @Override
    public void connected(Connection connection) {
        String queue = QUEUE_PREFIX + Id.random();
        try {
            Channel channel = connection.createChannel(false);
            channel.queueDeclare(queue, false, true, false, Map.of());
            channel.queueBind(queue, Topology.CONTROL, worker.value());
            channel.queueBind(queue, Topology.CONTROL_ALL, "");
            channel.basicConsume(queue, true, (_, delivery) -> on(delivery), _ -> {});
        } catch (IOException e) {
            throw new AmqpIOException(e);
        }
    }

    /** The queue went with its connection. */
    @Override
    public void disconnected() {}

    private void on(Delivery delivery) {
        try {
            switch (json.readControl(delivery.getBody())) {
                case ControlEvent.CancelRequested cancel -> attempts.cancel(cancel.reply(), cancel.attempt());
                case ControlEvent.WorkerAnnounced _ -> {}
            }
        } catch (MalformedEventException e) {
            log.warn("A control event of {} bytes is none: ignored", delivery.getBody().length);
        }
    }
}
