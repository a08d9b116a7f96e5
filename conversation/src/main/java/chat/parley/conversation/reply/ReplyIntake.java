package chat.parley.conversation.reply;

import chat.parley.events.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Consumes the partitions of the reply events. The broker gives each to one replica at a time. Of a new connection a
 * replica takes a random half at once, and of the rest those that another one has, to be there when it dies; those that
 * nobody has it takes 5 s later ({@code parley.reply.share-after}), so that replicas that start together share.
 */
@Component
class ReplyIntake implements SmartLifecycle {
    private final List<QueueConsumer> partitions = new ArrayList<>();
    private final ReplyProperties properties;
    private volatile boolean running;

    ReplyIntake(
            Broker broker, StoreWatch store, ReplyListener listener, ReplyProperties properties, MeterRegistry meters) {
        this.properties = properties;
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, Topology.SHARDS).boxed().toList());
        Collections.shuffle(order);
        for (int i = 0; i < Topology.SHARDS; i++) {
            int partition = order.get(i);
            Duration leaveFor = i < Topology.SHARDS / 2 ? Duration.ZERO : properties.shareAfter();
            partitions.add(new QueueConsumer(
                            broker,
                            new QueueConsumer.Settings(
                                    properties.prefetch(), properties.batch(), leaveFor, properties.retryApply()),
                            _ -> Topology.replyQueue(partition),
                            (deliveries, session) -> listener.handle(partition, deliveries, session))
                    .needing(store));
        }
        // Also those that it waits for: the broker alone knows who has a partition.
        meters.gauge("parley.partitions", this, ReplyIntake::subscribed);
    }

    private int subscribed() {
        return (int) partitions.stream().filter(QueueConsumer::isConsuming).count();
    }

    @Override
    public void start() {
        running = true;
        partitions.forEach(QueueConsumer::start);
    }

    @Override
    public void stop() {
        running = false;
        QueueConsumer.stop(partitions, properties.stopBudget());
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
