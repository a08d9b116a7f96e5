package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.AmqpConnectException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.ReturnedMessage;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

class BrokerSenderTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** What comes of a message when a broker does this with what belongs to it. */
    private boolean taken(Consumer<CorrelationData> broker) throws Exception {
        RabbitTemplate template = new RabbitTemplate() {
            @Override
            public void send(String exchange, String routingKey, Message message, CorrelationData correlation) {
                broker.accept(correlation);
            }
        };
        return new BrokerSender(template, threads).send(3, new byte[] {1}).get(20, TimeUnit.SECONDS);
    }

    private static Consumer<CorrelationData> confirm(boolean ack) {
        return correlation -> correlation.getFuture().complete(new CorrelationData.Confirm(ack, null));
    }

    @Test
    void isTakenOnlyWhenTheBrokerSaysSo() throws Exception {
        assertThat(taken(confirm(true))).isTrue();
        assertThat(taken(confirm(false))).isFalse();
    }

    @Test
    void isNotTakenWhenItCameBackBeforeItWasConfirmed() throws Exception {
        assertThat(taken(correlation -> {
                    correlation.setReturned(new ReturnedMessage(new Message(new byte[0]), 312, "NO_ROUTE", "e", "k"));
                    confirm(true).accept(correlation);
                }))
                .isFalse();
    }

    @Test
    void isNotTakenWhenItCouldNotBeWritten() throws Exception {
        assertThat(taken(_ -> {
                    throw new AmqpConnectException("closed", new IllegalStateException());
                }))
                .isFalse();
        assertThat(taken(_ -> {
                    throw new IllegalStateException("a client's own mistake");
                }))
                .isFalse();
    }
}
