package chat.parley.conversation.history;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The connections to Redis: they come back soon, and no command is ever sent a second time behind our back. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HistoryProperties.class)
class HistoryConfiguration {
    private static final Logger log = LoggerFactory.getLogger(HistoryConfiguration.class);
    private static final Duration RECONNECT = Duration.ofMillis(200);

    /** By default Lettuce waits up to 30 s, and leases would end meanwhile. */
    @Bean
    ClientResourcesBuilderCustomizer reconnectSoon() {
        return builder -> builder.reconnectDelay(Delay.constant(RECONNECT));
    }

    /**
     * A command that was under way when the connection broke fails, and its caller decides; by default it would be sent
     * again. While there is no connection, commands fail at once.
     */
    @Bean
    LettuceClientOptionsBuilderCustomizer failFast() {
        return builder -> builder.autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .requestQueueSize(100_000)
                .socketOptions(socketOptions());
    }

    /** Java's own sockets know no user time-out; with them a dead peer is noticed by its keep-alives alone. */
    private static SocketOptions socketOptions() {
        SocketOptions.Builder options = SocketOptions.builder()
                .connectTimeout(Duration.ofSeconds(2))
                .keepAlive(KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(5))
                        .interval(Duration.ofSeconds(2))
                        .count(3)
                        .build());
        if (EpollProvider.isAvailable()) {
            options.tcpUserTimeout(TcpUserTimeoutOptions.builder()
                    .enable()
                    .tcpUserTimeout(Duration.ofSeconds(10))
                    .build());
        }
        return options.build();
    }

    /** Closed by its client, which ends before any bean. */
    @Bean(destroyMethod = "")
    StatefulRedisConnection<String, String> historyConnection(
            LettuceConnectionFactory factory, HistoryProperties properties) {
        return patiently(factory, properties.startWait(), () -> client(factory).connect(StringCodec.UTF8));
    }

    @Bean
    Redis redis(
            StatefulRedisConnection<String, String> historyConnection, HistoryProperties properties, Shares shares) {
        return new Redis(historyConnection, properties, shares);
    }

    @Bean(destroyMethod = "")
    Wakeups wakeups(LettuceConnectionFactory factory, HistoryProperties properties) {
        StatefulRedisPubSubConnection<String, String> connection =
                patiently(factory, properties.startWait(), () -> client(factory).connectPubSub(StringCodec.UTF8));
        Wakeups wakeups = new Wakeups(connection);
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
                wakeups.connectionCameBack();
            }
        });
        return wakeups;
    }

    /** Redis may start later than we do, or be busy just then: tries again until it answers or the wait is over. */
    private static <T> T patiently(LettuceConnectionFactory factory, Duration wait, Supplier<T> connect) {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            try {
                return connect.get();
            } catch (RedisConnectionException e) {
                log.info(
                        "Waiting for Redis, {} TLS: {}",
                        factory.isUseSsl() ? "with" : "without",
                        NestedExceptionUtils.getMostSpecificCause(e).toString());
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RECONNECT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while waiting for Redis", e);
        }
    }

    private static RedisClient client(LettuceConnectionFactory factory) {
        AbstractRedisClient client = factory.getRequiredNativeClient();
        if (client instanceof RedisClient single) {
            return single;
        }
        throw new IllegalStateException("Parley needs a single Redis (or one behind Sentinel), not a cluster.");
    }
}
