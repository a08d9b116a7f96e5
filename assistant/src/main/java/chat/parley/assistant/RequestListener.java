package chat.parley.assistant;

import chat.parley.events.EventJson;
import chat.parley.events.MalformedEventException;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent;
import chat.parley.events.RequestEvent.ReplyRequested;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.amqp.core.Message;

/**
 * Takes a request from the broker, has it run, and acks it last of all. What was or may have been taken before is never
 * run: only Conversation knows whether its worker lives.
 */
final class RequestListener {
    private static final Logger log = LoggerFactory.getLogger(RequestListener.class);

    private final EventJson json;
    private final RunningAttempts attempts;
    private final ReplyWriter writer;
    private final ReplyPublisher publisher;
    private final AssistantMetrics metrics;

    RequestListener(
            EventJson json,
            RunningAttempts attempts,
            ReplyWriter writer,
            ReplyPublisher publisher,
            AssistantMetrics metrics) {
        this.json = json;
        this.attempts = attempts;
        this.writer = writer;
        this.publisher = publisher;
        this.metrics = metrics;
    }

    /** Returns when the request is done with: run and acked, reported, or rejected. */
    void on(Message message, Channel channel) throws IOException, InterruptedException {
        long tag = message.getMessageProperties().getDeliveryTag();
        ReplyRequested request;
        try {
            request = read(message);
        } catch (MalformedEventException e) {
            metrics.malformed();
            log.warn("A request of {} bytes is none: to the dead letters", message.getBody().length);
            channel.basicReject(tag, false);
            return;
        }
        ReplyName reply = request.reply();
        try (var _ = MDC.putCloseable("userId", reply.userId().value());
                var _ = MDC.putCloseable(
                        "conversationId", reply.conversationId().value());
                var _ = MDC.putCloseable("replyId", reply.replyId().value())) {
            handle(request, Boolean.TRUE.equals(message.getMessageProperties().isRedelivered()), channel, tag);
        }
    }

    private ReplyRequested read(Message message) throws MalformedEventException {
        RequestEvent event = json.readRequest(message.getBody());
        return switch (event) {
            case ReplyRequested requested -> requested;
        };
    }

    private void handle(ReplyRequested request, boolean redelivered, Channel channel, long tag)
            throws InterruptedException {
        Optional<RunningAttempts.Attempt> begun =
                redelivered || request.again() ? Optional.empty() : attempts.begin(request.reply(), request.attempt());
        if (begun.isEmpty()) {
            metrics.seenAgain();
            log.info("Attempt {} was seen before and is not run", request.attempt());
            publisher.seenAgain(request.reply(), request.attempt()).join();
            ack(channel, tag);
            return;
        }
        try (RunningAttempts.Attempt attempt = begun.get()) {
            writer.write(request, attempt);
            ack(channel, tag);
        }
    }

    /** If the way back is gone the request comes again, to be reported as seen before. */
    private static void ack(Channel channel, long tag) {
        try {
            channel.basicAck(tag, false);
        } catch (IOException | AlreadyClosedException e) {
            log.info("The broker went away before it knew that the request is done");
        }
    }
}
