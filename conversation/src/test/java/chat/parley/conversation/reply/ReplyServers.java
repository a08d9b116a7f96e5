package chat.parley.conversation.reply;

import chat.parley.events.Topology;
import chat.parley.testing.servers.RabbitServer;
import chat.parley.testing.servers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker and a store for the tests of one class, empty before each test: what others keep in the shared ones would be
 * swept. Ends what a test started on them.
 */
final class ReplyServers implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Path FOLDER = Path.of("target", "reply-servers");

    private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();
    private RabbitServer rabbit;
    private RedisServer redis;

    @Override
    public void beforeAll(ExtensionContext context) {
        Path folder = FOLDER.resolve(context.getRequiredTestClass().getSimpleName() + "-" + System.nanoTime());
        rabbit = RabbitServer.startPrivate(folder.resolve("rabbit"));
        redis = RedisServer.startPrivate(folder.resolve("redis"));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        inRedis(RedisCommands::flushall);
        try (TestWorker worker = TestWorker.connect(rabbit)) {
            for (Topology.Queue queue : Topology.queues()) {
                worker.channel().queuePurge(queue.name());
            }
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        rabbit.close();
        redis.close();
    }

    /** Does something to the store behind Conversation's back. */
    void inRedis(Consumer<RedisCommands<String, String>> commands) {
        try (RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            commands.accept(connection.sync());
        }
    }

    RabbitServer rabbit() {
        return rabbit;
    }

    RedisServer redis() {
        return redis;
    }

    /** @param settings as in {@code application.yml}, each {@code name=value} */
    Replica startReplica(String... settings) {
        Replica replica = Replica.start(rabbit, redis, settings);
        started.push(replica);
        return replica;
    }

    TestWorker connectWorker() throws Exception {
        TestWorker worker = TestWorker.connect(rabbit);
        started.push(worker);
        return worker;
    }
}
