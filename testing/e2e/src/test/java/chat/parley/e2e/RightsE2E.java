package chat.parley.e2e;

import static chat.parley.testing.servers.Deployed.ASSISTANT;
import static chat.parley.testing.servers.Deployed.CONVERSATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Json;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import chat.parley.events.Topology;
import chat.parley.testing.servers.Deployed.User;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All that Parley does works with the users and rights that {@code docker-compose.yml} gives its services, and nothing
 * else can be done with them.
 */
class RightsE2E {
    private static final Duration CONFIRM = Duration.ofSeconds(10);

    private static Stack stack;

    @RegisterExtension
    final LogsOnFailure logs = new LogsOnFailure(() -> Optional.of(stack));

    @BeforeAll
    static void start() {
        stack = Stack.start(StackOptions.standard()
                .replicas(1, 2)
                .withLeastRights()
                .conversation("RETENTION", "1h")
                .conversation("PARLEY_REPLY_RETAINEVERY", "1s")
                .conversation("PARLEY_HISTORY_FIRSTBACKOFF", "100ms"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void areEnoughForAnswersRetriesAndStops() {
        try (Scene scene = new Scene(stack, Pace.SHRUNK, new Random(0))) {
            Chat chat = scene.newClient().newChat();
            scene.ask(chat, "rate=200").awaitWhole();
            Asked retried = scene.ask(chat, "fail=500 times=2 rate=200");
            retried.awaitWhole();
            assertThat(retried.attempts()).isGreaterThan(1);
            Asked stopped = scene.askSlowly();
            stopped.awaitText(10);
            stopped.chat().cancel(stopped.turn().replyId()).join();

            assertThat(stopped.chat().awaitEnd(stopped.turn()).status()).isEqualTo(Message.Status.CANCELLED);
            scene.checkInvariants(0, 0);
            assertNobodyWasRefused();
        }
    }

    @Test
    void areEnoughForDeadLettersAndTheirReplay() throws IOException, InterruptedException {
        try (Scene scene = new Scene(stack, Pace.SHRUNK, new Random(0))) {
            publish(CONVERSATION, Topology.REQUESTS, Topology.ANY);
            publish(ASSISTANT, Topology.REPLIES, Topology.partitionKey(3));
            Scene.await("both of them in the dead letters", () -> scene.deadLetters() == 2);

            assertThat(replayAll()).isEqualTo(2);
            Scene.await("both of them once more", () -> scene.deadLetters() == 2);
            scene.ask(scene.newClient().newChat(), "rate=200").awaitWhole();
            scene.checkInvariants(0, 2);
            assertNobodyWasRefused();
        }
    }

    /** What is gone with the broker's data comes back with its start, by the same file. */
    @Test
    void areEnoughWhenRabbitMqComesBackWithoutItsData() {
        try (Scene scene = new Scene(stack, Pace.SHRUNK, new Random(0))) {
            Asked before = scene.askSlowly();
            before.awaitText(10);
            stack.rabbit().kill();
            stack.wipeRabbit();
            stack.rabbit().start();

            before.awaitWhole();
            scene.ask(before.chat(), "rate=200").awaitWhole();
            scene.checkInvariants(0, 0);
            assertNobodyWasRefused();
        }
    }

    /** What Redis kept it must be able to read, too: it does that as a user who can't sign in. */
    @Test
    void areEnoughWhenRedisIsKilledAndStartedAgain() {
        try (Scene scene = new Scene(stack, Pace.SHRUNK, new Random(0))) {
            Asked before = scene.ask(scene.newClient().newChat(), "rate=200");
            before.awaitWhole();
            Asked during = scene.askSlowly();
            during.awaitText(10);
            stack.redis().restart();

            during.awaitWhole();
            Asked after = scene.ask(before.chat(), "rate=200");
            after.awaitWhole();
            scene.check(1, List.of(before, during, after));
            assertNobodyWasRefused();
        }
    }

    private static long replayAll() throws IOException, InterruptedException {
        URI letters = stack.actuator(stack.conversation(0)).resolve("deadletters");
        HttpRequest request = HttpRequest.newBuilder(letters)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"replay\":\"all\"}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            String answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return Json.parse(answer).path("replayed").asLong();
        }
    }

    private static void assertNobodyWasRefused() {
        Stream.concat(stack.conversations().stream(), stack.assistants().stream())
                .forEach(service -> assertThat(service.log(10_000))
                        .noneMatch(line -> line.contains("NOPERM") || line.contains("ACCESS_REFUSED")));
    }

    /** Something that nobody can read; each time something else. */
    private static void publish(User user, String exchange, String routingKey) {
        as(user, channel -> {
            byte[] body = ("nonsense " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
            channel.confirmSelect();
            channel.basicPublish(exchange, routingKey, MessageProperties.PERSISTENT_BASIC, body);
            channel.waitForConfirmsOrDie(CONFIRM.toMillis());
        });
    }

    interface Step {
        void on(Channel channel) throws Exception;
    }

    private static void as(User user, Step step) {
        try (Connection connection = connect(user);
                Channel channel = connection.createChannel()) {
            step.on(channel);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(User user) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(stack.rabbitServer().host());
        factory.setPort(stack.rabbitServer().port());
        factory.setUsername(user.name());
        factory.setPassword(user.password());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    static Stream<Arguments> refusedByRabbit() {
        String replies = Topology.replyQueue(0);
        return Stream.concat(
                Stream.of(
                        refused(ASSISTANT, "read replies", consume(replies)),
                        refused(ASSISTANT, "take a reply", channel -> channel.basicGet(replies, true)),
                        refused(ASSISTANT, "read dead letters", consume(Topology.DEAD_QUEUE)),
                        refused(ASSISTANT, "throw replies away", channel -> channel.queuePurge(replies)),
                        refused(ASSISTANT, "ask for a reply", send(Topology.REQUESTS, Topology.ANY)),
                        refused(ASSISTANT, "stop another worker", send(Topology.CONTROL, "worker")),
                        refused(ASSISTANT, "make a dead letter", send(Topology.DEAD, "")),
                        refused(ASSISTANT, "overhear replies", overhear("assistant.control.a", Topology.REPLIES, "00")),
                        refused(
                                ASSISTANT,
                                "overhear requests",
                                overhear("assistant.control.b", Topology.REQUESTS, Topology.ANY)),
                        refused(ASSISTANT, "overhear dead letters", overhear("assistant.control.c", Topology.DEAD, "")),
                        refused(ASSISTANT, "delete its queue", channel -> channel.queueDelete(Topology.REQUEST_QUEUE)),
                        refused(ASSISTANT, "make a queue of Conversation", declare("conversation.control.x"))),
                Stream.concat(
                        Stream.of(
                                refused(CONVERSATION, "read requests", consume(Topology.REQUEST_QUEUE)),
                                refused(CONVERSATION, "read lone requests", consume(Topology.SOLO_QUEUE)),
                                refused(
                                        CONVERSATION,
                                        "throw requests away",
                                        channel -> channel.queuePurge(Topology.REQUEST_QUEUE)),
                                refused(CONVERSATION, "speak for a worker to all", send(Topology.CONTROL_ALL, "")),
                                refused(
                                        CONVERSATION,
                                        "overhear requests",
                                        overhear("conversation.control.a", Topology.REQUESTS, Topology.ANY)),
                                refused(CONVERSATION, "delete a queue", channel -> channel.queueDelete(replies)),
                                refused(CONVERSATION, "make a queue of Assistant", declare("assistant.control.x"))),
                        Stream.of(ASSISTANT, CONVERSATION).flatMap(RightsE2E::refusedToBoth)));
    }

    private static Stream<Arguments> refusedToBoth(User user) {
        String shared = Topology.replyQueue(0);
        return Stream.of(
                refused(user, "publish past the exchanges", send("", shared)),
                refused(user, "make any queue", declare("mine")),
                refused(
                        user,
                        "make an exchange",
                        channel -> channel.exchangeDeclare("mine", BuiltinExchangeType.FANOUT)),
                refused(
                        user,
                        "make a shared exchange anew",
                        channel -> channel.exchangeDeclare(Topology.REPLIES, BuiltinExchangeType.DIRECT, true)),
                refused(user, "delete an exchange", channel -> channel.exchangeDelete(Topology.REPLIES)),
                refused(
                        user,
                        "take a queue's messages away",
                        channel -> channel.queueUnbind(shared, Topology.REPLIES, "00")),
                refused(
                        user,
                        "lead messages elsewhere",
                        channel -> channel.exchangeBind(Topology.CONTROL_ALL, Topology.REPLIES, "00")));
    }

    private static Arguments refused(User user, String what, Step step) {
        return Arguments.argumentSet(user.name() + ": " + what, user, step);
    }

    private static Step consume(String queue) {
        return channel -> channel.basicConsume(queue, false, new DefaultConsumer(channel));
    }

    private static Step send(String exchange, String routingKey) {
        return channel -> {
            channel.confirmSelect();
            channel.basicPublish(exchange, routingKey, MessageProperties.BASIC, new byte[] {1});
            channel.waitForConfirmsOrDie(CONFIRM.toMillis());
        };
    }

    private static Step declare(String queue) {
        return channel -> channel.queueDeclare(queue, false, true, true, Map.of());
    }

    private static Step overhear(String own, String exchange, String routingKey) {
        return channel -> {
            channel.queueDeclare(own, false, true, true, Map.of());
            channel.queueBind(own, exchange, routingKey);
        };
    }

    @ParameterizedTest
    @MethodSource("refusedByRabbit")
    void letNobodyDoMoreOnRabbitMq(User user, Step step) throws Exception {
        try (Connection connection = connect(user)) {
            Channel channel = connection.createChannel();

            assertThatThrownBy(() -> step.on(channel))
                    .isInstanceOfAny(IOException.class, AlreadyClosedException.class, ShutdownSignalException.class);
            ShutdownSignalException reason = channel.getCloseReason();
            assertThat(reason.getReason())
                    .isInstanceOfSatisfying(
                            AMQP.Channel.Close.class,
                            close -> assertThat(close.getReplyCode())
                                    .as(close.getReplyText())
                                    .isEqualTo(AMQP.ACCESS_REFUSED));
        }
    }

    @Test
    void letNobodyElseIntoRabbitMq() {
        List<User> others = List.of(
                new User("guest", "guest"),
                new User("parley", "parley-test"), // what the test's RabbitMQ is told to make
                new User(ASSISTANT.name(), CONVERSATION.password()),
                new User(CONVERSATION.name(), ""));

        assertThat(others)
                .allSatisfy(other ->
                        assertThatThrownBy(() -> connect(other)).isInstanceOf(AuthenticationFailureException.class));
    }

    static Stream<Arguments> refusedByRedis() {
        return Stream.of(
                command("FLUSHALL", RedisCommands::flushall),
                command("KEYS", redis -> redis.keys("*")),
                command("CONFIG GET", redis -> redis.configGet("*")),
                command("CONFIG SET", redis -> redis.configSet("appendonly", "no")),
                command("ACL LIST", RedisCommands::aclList),
                command("SCRIPT FLUSH", RedisCommands::scriptFlush),
                command("CLIENT LIST", RedisCommands::clientList),
                command("CONFIG REWRITE", RedisCommands::configRewrite),
                command("SAVE", RedisCommands::save),
                command("RENAME", redis -> redis.rename("{s00}:a", "{s00}:b")),
                command("a key of no shard", redis -> redis.get("mine")),
                command("writing one", redis -> redis.set("mine", "1")),
                command("a shard that there is not", redis -> redis.get("{s20}:a")),
                command(
                        "a script on another key",
                        redis -> redis.eval("return redis.call('GET', KEYS[1])", ScriptOutputType.VALUE, "mine")),
                command(
                        "a script with another command",
                        redis -> redis.eval("return redis.call('FLUSHDB')", ScriptOutputType.VALUE)),
                command("another channel", redis -> redis.publish("mine", "1")));
    }

    private static Arguments command(String what, Consumer<RedisCommands<String, String>> command) {
        return Arguments.argumentSet(what, command);
    }

    @ParameterizedTest
    @MethodSource("refusedByRedis")
    void letNobodyDoMoreOnRedis(Consumer<RedisCommands<String, String>> command) {
        try (StatefulRedisConnection<String, String> connection =
                stack.backstage().connectToRedis()) {
            assertThatThrownBy(() -> command.accept(connection.sync()))
                    .isInstanceOf(RedisCommandExecutionException.class)
                    .hasMessageMatching("NOPERM.*|.*can't (?:access|run).*|.*not allowed.*|.*no permissions.*");
        }
    }

    @Test
    void letNobodyElseIntoRedis() {
        RedisURI nobody =
                RedisURI.create(stack.redisServer().host(), stack.redisServer().port());
        try (RedisClient client = RedisClient.create(nobody)) {
            assertThatThrownBy(() -> get(client, "{s00}:a")).hasStackTraceContaining("NOAUTH");
        }
    }

    private static String get(RedisClient client, String key) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection.sync().get(key);
        }
    }
}
