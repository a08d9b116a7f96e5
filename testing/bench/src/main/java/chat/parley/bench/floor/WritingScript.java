package chat.parley.bench.floor;

import chat.parley.e2e.stack.Backstage;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;

/**
 * A call of a script that appends some hundred bytes to a stream and sets a field of a hash; Redis answers when they
 * are on the disk, if it syncs every write.
 */
public final class WritingScript implements Step, AutoCloseable {
    private static final String SCRIPT = """
            redis.call('HSET', KEYS[2], 'last', ARGV[1])
            return redis.call('XADD', KEYS[1], '*', 'event', ARGV[1])
            """;

    private static final String[] KEYS = {"{bench}:log", "{bench}:state"};
    private static final String VALUE = "x".repeat(100);

    private final StatefulRedisConnection<String, String> connection;
    private final RedisCommands<String, String> redis;
    private final String digest;

    /** Opens a connection. */
    public WritingScript(Backstage backstage) {
        connection = backstage.connectToRedis();
        redis = connection.sync();
        digest = redis.scriptLoad(SCRIPT);
    }

    /** What Redis does before it answers a write: {@code always}, {@code everysec} or {@code no}. */
    public String appendfsync() {
        return redis.configGet("appendfsync").getOrDefault("appendfsync", "unknown");
    }

    @Override
    public Duration once() {
        long begin = System.nanoTime();
        String _ = redis.evalsha(digest, ScriptOutputType.VALUE, KEYS, VALUE);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Leaves nothing behind. */
    @Override
    public void close() {
        redis.del(KEYS);
        connection.close();
    }
}
