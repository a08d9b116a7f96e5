package chat.parley.conversation.reply;

import chat.parley.conversation.history.DeadLetter;
import chat.parley.events.ControlEvent;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent.LeaseCheck;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.stereotype.Component;

/** Puts events on the broker, with the envelope that all messages of Parley have. */
@Component
class EventPublisher {
    /** Says why a message is among the dead letters. */
    static final String CAUSE = "x-parley-cause";

    private static final String APP = "conversation";

    private final RabbitTemplate confirmed;
    private final RabbitTemplate hints;
    private final EventJson json;
    private final ReplyProperties properties;

    EventPublisher(RabbitTemplate rabbitTemplate, EventJson json, ReplyProperties properties) {
        this.confirmed = rabbitTemplate;
        this.hints = new RabbitTemplate(rabbitTemplate.getConnectionFactory());
        this.json = json;
        this.properties = properties;
    }

    /** What is known of a message that was published. */
    enum Sent {
        /** The broker has it for good. */
        CONFIRMED,
        /** It is surely in no queue. */
        UNSENT,
        /** It may be in a queue, or not. */
        UNKNOWN
    }

    /** Asks the workers for a reply, and waits until the broker has the request. */
    Sent request(ReplyRequested request, String routingKey) {
        String replyId = request.reply().replyId().value();
        Message message = persistent("reply.requested", replyId + "/" + request.attempt() + "/0", replyId)
                .withBodyOf(json.write(request));
        return publish(Topology.REQUESTS, routingKey, message);
    }

    /**
     * Puts what no one could handle to the dead letters, and waits until the broker has it.
     *
     * @param cause for people; without texts of messages
     * @param routingKey of the queue that it came from; a dead letter keeps it, as when the broker itself moves it
     * @param triesBefore it was replayed
     */
    Sent bury(byte[] body, String type, String cause, String routingKey, int triesBefore) {
        Envelope envelope = persistent(type, Id.random().value(), "");
        envelope.properties().setHeader(CAUSE, cause);
        envelope.properties().setHeader(DeadLetterReader.TRIES, triesBefore);
        return publish(Topology.DEAD, routingKey, envelope.withBodyOf(body));
    }

    /** Sends the message of a dead letter once more, and waits until the broker has it. */
    Sent replay(String exchange, String routingKey, byte[] body, DeadLetter letter) {
        String replyId = letter.reply() == null ? "" : letter.reply().replyId().value();
        Envelope envelope = persistent(letter.type(), letter.messageId(), replyId);
        envelope.properties().setHeader(DeadLetterReader.TRIES, letter.tries());
        return publish(exchange, routingKey, envelope.withBodyOf(body));
    }

    /**
     * Sends a check behind all that was said about its reply; nothing depends on its arrival.
     *
     * @throws AmqpException if it could not be sent
     */
    void check(LeaseCheck check) {
        String replyId = check.reply().replyId().value();
        Message message = persistent("lease.check", replyId + "/" + check.attempt() + "/check", replyId)
                .withBodyOf(json.write(List.of(check)));
        hints.send(Topology.REPLIES, Topology.partitionKey(check.reply().shard()), message);
    }

    /**
     * Gives a hint to one process; it may be lost.
     *
     * @throws AmqpException if it could not be sent
     */
    void hint(ControlEvent event, String type, Id process) {
        Envelope envelope = persistent(type, Id.random().value(), "");
        envelope.properties().setDeliveryMode(MessageDeliveryMode.NON_PERSISTENT);
        hints.send(Topology.CONTROL, process.value(), envelope.withBodyOf(json.write(event)));
    }

    private Sent publish(String exchange, String routingKey, Message message) {
        CorrelationData correlation = new CorrelationData();
        try {
            confirmed.send(exchange, routingKey, message, correlation);
        } catch (AmqpConnectException e) {
            // No open connection or channel when it was to be written.
            return Sent.UNSENT;
        } catch (AmqpException e) {
            return Sent.UNKNOWN;
        }
        return await(correlation);
    }

    private Sent await(CorrelationData correlation) {
        try {
            CorrelationData.Confirm confirm =
                    correlation.getFuture().get(properties.confirmTimeout().toMillis(), TimeUnit.MILLISECONDS);
            if (confirm.ack()) {
                return correlation.getReturned() == null ? Sent.CONFIRMED : Sent.UNSENT;
            }
            // A reason means that the channel was lost; the broker itself gives none, also for an unroutable message
            // that Qpid refuses before it returns it.
            return confirm.reason() == null ? Sent.UNSENT : Sent.UNKNOWN;
        } catch (ExecutionException | TimeoutException e) {
            return Sent.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Sent.UNKNOWN;
        }
    }

    private record Envelope(MessageProperties properties) {
        Message withBodyOf(byte[] body) {
            return MessageBuilder.withBody(body).andProperties(properties).build();
        }
    }

    private static Envelope persistent(String type, String messageId, String correlationId) {
        MessageProperties properties = new MessageProperties();
        properties.setType(type);
        properties.setMessageId(messageId);
        if (!correlationId.isEmpty()) {
            properties.setCorrelationId(correlationId);
        }
        properties.setAppId(APP);
        properties.setTimestamp(Date.from(Instant.now()));
        properties.setContentType(MessageProperties.CONTENT_TYPE_JSON);
        properties.setDeliveryMode(MessageDeliveryMode.PERSISTENT);
        return new Envelope(properties);
    }
}
