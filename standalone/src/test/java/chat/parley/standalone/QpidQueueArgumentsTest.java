package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.Topology;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;

class QpidQueueArgumentsTest {
    private final QpidQueueArguments customizer = new QpidQueueArguments(1000);

    @Test
    void keepsBoundDeadLettersAndSingleActiveConsumer() {
        Queue queue =
                new Queue("q", true, false, false, Topology.queues().getLast().arguments());

        assertThat(customizer.apply(queue)).isSameAs(queue);

        assertThat(queue.getArguments())
                .isEqualTo(Map.of(
                        "alternateExchange",
                        Topology.DEAD,
                        "x-qpid-maximum-delivery-count",
                        1,
                        "qpid.max_count",
                        Topology.MAX_REPLIES,
                        "qpid.max_size",
                        1000L,
                        "qpid.policy_type",
                        "REJECT",
                        "x-single-active-consumer",
                        true));
    }

    @Test
    void changesNothingWhenItComesAgain() {
        Queue queue =
                new Queue("q", true, false, false, Topology.queues().getLast().arguments());
        customizer.apply(queue);
        Map<String, Object> once = Map.copyOf(queue.getArguments());

        customizer.apply(queue);

        assertThat(queue.getArguments()).isEqualTo(once);
    }

    @Test
    void keepsAnArgumentThatItDoesNotKnowForTheBrokerToRefuse() {
        Queue queue = new Queue("q", true, false, false, Map.of("x-new", 1));

        customizer.apply(queue);

        assertThat(queue.getArguments()).containsEntry("x-new", 1);
    }

    @Test
    void leavesAnExchangeAlone() {
        DirectExchange exchange = new DirectExchange("e", true, false, Map.of("x", 1));

        assertThat(customizer.apply(exchange)).isSameAs(exchange);
        assertThat(exchange.getArguments()).isEqualTo(Map.of("x", 1));
    }
}
