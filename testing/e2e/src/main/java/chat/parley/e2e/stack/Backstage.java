package chat.parley.e2e.stack;

import chat.parley.events.Id;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RabbitServer;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** What Redis and RabbitMQ hold, read past the services. */
public final class Backstage {
    private static final List<String> SETS = List.of("outbox", "offered", "running", "holding");

    private static final String DEAD_LETTERS = "{dead-letters}:by-time";

    /**
     * One for all: each has threads of its own, and a soak looks here many times a second. It lasts as long as this
     * JVM.
     */
    private static final RedisClient CLIENT = RedisClient.create();

    private final RedisURI redis;
    private final List<RabbitServer> rabbit;

    /**
     * Makes one.
     *
     * @param redis the server, or the Sentinel that knows it
     * @param rabbit nodes, at least one of which runs
     */
    Backstage(RedisURI redis, List<RabbitServer> rabbit) {
        this.redis = redis;
        this.rabbit = rabbit;
    }

    /** What is still under way, by set or queue; empty once everything is drained. */
    public Map<String, Long> underWay() {
        Map<String, Long> left = new TreeMap<>();
        redis(commands -> {
            for (int shard = 0; shard < Topology.SHARDS; shard++) {
                for (String set : SETS) {
                    String key = "{s" + Topology.partitionKey(shard) + "}:" + set;
                    left.put(key, commands.zcard(key));
                }
            }
            // Every slot of a user's share is free again.
            left.put(
                    "in-flight",
                    ScanIterator.scan(commands, ScanArgs.Builder.matches("*:in-flight")).stream()
                            .count());
            return left;
        });
        rabbit(channel -> {
            for (Topology.Queue queue : Topology.queues()) {
                if (!queue.name().equals(Topology.DEAD_QUEUE)) {
                    left.put(queue.name(), ready(channel, queue.name()));
                }
            }
            return left;
        });
        left.values().removeIf(count -> count == 0);
        return left;
    }

    private static long ready(Channel channel, String queue) {
        try {
            return channel.queueDeclarePassive(queue).getMessageCount();
        } catch (IOException e) {
            throw new UncheckedIOException("No queue " + queue, e);
        }
    }

    /** How many requests wait in the broker for a worker. */
    public long waitingRequests() {
        return rabbit(channel -> ready(channel, Topology.REQUEST_QUEUE));
    }

    /** How many consumers each shared queue has. */
    public Map<String, Integer> consumers() {
        return rabbit(channel -> {
            Map<String, Integer> consumers = new TreeMap<>();
            for (Topology.Queue queue : Topology.queues()) {
                try {
                    consumers.put(
                            queue.name(),
                            channel.queueDeclarePassive(queue.name()).getConsumerCount());
                } catch (IOException e) {
                    throw new UncheckedIOException("No queue " + queue.name(), e);
                }
            }
            return consumers;
        });
    }

    /** How many connections Redis holds. */
    public long redisConnections() {
        return redisFigure("clients", "connected_clients");
    }

    /** How many bytes Redis has in use. */
    public long redisBytes() {
        return redisFigure("memory", "used_memory");
    }

    private long redisFigure(String section, String name) {
        return redis(commands -> commands.info(section)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .sum());
    }

    /** What Redis counts since its start, in lines {@code name:number}. */
    public String redisStatistics() {
        return redis(commands -> commands.info("stats"));
    }

    /** How many dead letters Conversation has recorded. */
    public long deadLetters() {
        return redis(commands -> commands.zcard(DEAD_LETTERS));
    }

    /** Changes a setting of Redis until it is changed again, or Redis starts anew. */
    public void configureRedis(String setting, String value) {
        String _ = redis(commands -> commands.configSet(setting, value));
    }

    /** Has Redis forget all scripts, as one that took over knows none. */
    public void flushScripts() {
        String _ = redis(RedisCommands::scriptFlush);
    }

    /** Publishes a message as it is, and waits until the broker has it. */
    public void publish(String exchange, String routingKey, byte[] body) {
        boolean _ = rabbit(channel -> {
            try {
                channel.confirmSelect();
                channel.basicPublish(exchange, routingKey, MessageProperties.PERSISTENT_BASIC, body);
                return channel.waitForConfirms();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted", e);
            }
        });
    }

    /** Deletes an exchange, with all that is bound to it. */
    public void deleteExchange(String exchange) {
        boolean _ = rabbit(channel -> {
            try {
                channel.exchangeDelete(exchange);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Where the Redis is that Sentinel sends clients to. */
    int leadingRedisPort(String name) {
        try (StatefulRedisSentinelConnection<String, String> sentinel = CLIENT.connectSentinel(redis)) {
            return ((InetSocketAddress) sentinel.sync().getMasterAddrByName(name)).getPort();
        }
    }

    /**
     * A replica writes its file anew when it has got its first copy: killed before, it would start with an older one.
     */
    static boolean hasSavedItsCopy(RedisURI replica) {
        try (StatefulRedisConnection<String, String> connection = CLIENT.connect(StringCodec.UTF8, replica)) {
            return connection
                    .sync()
                    .info()
                    .lines()
                    .toList()
                    .containsAll(List.of(
                            "role:slave",
                            "master_link_status:up",
                            "aof_rewrite_in_progress:0",
                            "aof_rewrite_scheduled:0"));
        } catch (RedisException e) {
            return false; // while it is told to follow another one it hangs up
        }
    }

    /** The positions in a conversation's log, oldest first. */
    public List<Long> positions(String userId, String conversationId) {
        String shard = Topology.partitionKey(Topology.shardOf(new Id(userId)));
        String key = "{s" + shard + "}:u:" + userId + ":c:" + conversationId + ":log";
        return redis(commands -> commands.xrange(key, Range.unbounded()).stream()
                .map(StreamMessage::getId)
                .map(id -> Long.valueOf(id.substring(0, id.indexOf('-'))))
                .toList());
    }

    /** A connection to Redis of the caller's own, which he closes. */
    public StatefulRedisConnection<String, String> connectToRedis() {
        return CLIENT.connect(StringCodec.UTF8, redis);
    }

    /**
     * A connection to RabbitMQ of the caller's own, which he closes.
     *
     * @param name what RabbitMQ calls it
     * @throws IllegalStateException if it does not answer
     */
    public Connection connectToRabbit(String name) throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUsername(rabbit.getFirst().username());
        factory.setPassword(rabbit.getFirst().password());
        List<Address> addresses = rabbit.stream()
                .map(node -> new Address(node.host(), node.port()))
                .toList();
        try {
            return factory.newConnection(addresses, name);
        } catch (TimeoutException e) {
            throw new IllegalStateException("RabbitMQ does not answer", e);
        }
    }

    private <T> T redis(Function<RedisCommands<String, String>, T> reading) {
        try (StatefulRedisConnection<String, String> connection = connectToRedis()) {
            return reading.apply(connection.sync());
        }
    }

    private <T> T rabbit(Function<Channel, T> reading) {
        try (Connection connection = connectToRabbit("backstage");
                Channel channel = connection.createChannel()) {
            return reading.apply(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("RabbitMQ does not answer", e);
        }
    }
}
