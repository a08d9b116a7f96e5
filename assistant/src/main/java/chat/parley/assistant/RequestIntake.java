package chat.parley.assistant;

import chat.parley.events.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;

/**
 * Takes requests as long as there is a broker to take them from and a provider to ask. A set of consumers is never
 * started twice: the old ones finish what they run, while new ones begin to take requests, fewer by as many. Whoever
 * takes them, no more run at once than there are slots.
 */
final class RequestIntake implements BrokerLink.User {
    private final CachingConnectionFactory connections;
    private final RequestListener listener;
    private final ProviderGate gate;
    private final AssistantProperties properties;

    private final List<RequestConsumers> active = new ArrayList<>();
    /** Consumers that take no more, and perhaps still run what they have. */
    private final List<RequestConsumers> retired = new ArrayList<>();

    private final ReentrantLock solo = new ReentrantLock(true);
    private final Semaphore slots;
    /** Those of them that take what any worker may take, several at once. */
    private @Nullable RequestConsumers shared;

    private Wanted present = Wanted.NOTHING;
    private boolean connected;
    private boolean closed;

    private enum Wanted {
        NOTHING,
        ONE,
        ALL
    }

    RequestIntake(
            CachingConnectionFactory connections,
            RequestListener listener,
            ProviderGate gate,
            AssistantProperties properties) {
        this.connections = connections;
        this.listener = listener;
        this.gate = gate;
        this.properties = properties;
        this.slots = new Semaphore(properties.concurrency());
        gate.watch(this::follow);
    }

    @Override
    public void connected(Connection connection) {
        synchronized (this) {
            connected = true;
        }
        follow();
    }

    @Override
    public void disconnected() {
        synchronized (this) {
            connected = false;
        }
        follow();
    }

    /** Takes no more requests; calls in flight go on. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        follow();
    }

    /**
     * Stops at once what is not wanted any more: the request that made the difference is not acked yet, so that none
     * comes in its place. Begins what is wanted in its own time: a reply may be waiting on this thread.
     */
    private void follow() {
        synchronized (this) {
            if (wanted() == present) {
                return;
            }
            stop();
        }
        Thread.ofVirtual().name("request-intake").start(this::begin);
    }

    private Wanted wanted() {
        if (closed || !connected) {
            return Wanted.NOTHING;
        }
        return switch (gate.state()) {
            case OPEN -> Wanted.ALL;
            case PROBING -> Wanted.ONE;
            case SHUT -> Wanted.NOTHING;
        };
    }

    private void stop() {
        active.forEach(RequestConsumers::stop);
        retired.addAll(active);
        active.clear();
        shared = null;
        present = Wanted.NOTHING;
    }

    private synchronized void begin() {
        Wanted wanted = wanted();
        if (wanted == present) {
            return;
        }
        stop();
        present = wanted;
        switch (wanted) {
            case NOTHING -> {}
            case ONE -> begin(1, Topology.REQUEST_QUEUE, Topology.SOLO_QUEUE);
            case ALL -> {
                begin(1, Topology.SOLO_QUEUE);
                fill();
            }
        }
    }

    private RequestConsumers begin(int count, String... queues) {
        RequestConsumers consumers =
                new RequestConsumers(connections, listener, solo, slots, properties, this::ended, count, queues);
        active.add(consumers);
        consumers.start();
        return consumers;
    }

    /** Has as many consumers as there may be calls beside those of old consumers; at first perhaps none. */
    private void fill() {
        retired.removeIf(consumers -> consumers.busy() == 0);
        int leftovers = retired.stream().mapToInt(RequestConsumers::busy).sum();
        int count = properties.concurrency() - leftovers;
        if (shared != null) {
            shared.grow(count);
        } else if (count > 0) {
            shared = begin(count, Topology.REQUEST_QUEUE);
        }
    }

    /** A call has ended: if it was in old consumers, the new ones may be one more. */
    private synchronized void ended(RequestConsumers consumers) {
        if (present == Wanted.ALL && !active.contains(consumers)) {
            fill();
        }
    }
}
