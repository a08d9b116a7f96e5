package chat.parley.assistant;

import chat.parley.events.Topology;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** Sends to RabbitMQ: persistent, mandatory, confirmed. */
final class BrokerSender implements ReplySender {
    private static final Logger log = LoggerFactory.getLogger(BrokerSender.class);

    private final RabbitTemplate template;
    private final Executor threads;

    /**
     * Makes one.
     *
     * @param threads run what follows a confirm, because the connection's own thread must not publish
     */
    BrokerSender(RabbitTemplate template, Executor threads) {
        this.template = template;
        this.threads = threads;
    }

    @Override
    public CompletableFuture<Boolean> send(int partition, byte[] body) {
        Message message = MessageBuilder.withBody(body)
                .setContentType(MessageProperties.CONTENT_TYPE_JSON)
                .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                .setAppId("assistant")
                .build();
        CorrelationData correlation = new CorrelationData();
        try {
            template.send(Topology.REPLIES, Topology.partitionKey(partition), message, correlation);
        } catch (RuntimeException e) {
            log.debug("Not sent", e);
            return CompletableFuture.completedFuture(false);
        }
        // A broker may ack what it returned, and it may return it only after a nack: both must speak for it.
        return correlation
                .getFuture()
                .handleAsync(
                        (confirm, error) -> error == null && confirm.ack() && correlation.getReturned() == null,
                        threads);
    }
}
