package chat.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import chat.parley.events.Topology;
import chat.parley.testing.servers.FreePorts;
import chat.parley.testing.servers.PrivateCa;
import chat.parley.testing.servers.RabbitServer;
import chat.parley.testing.servers.RedisServer;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Broker and store with certificates of a private CA for {@code localhost}, which ask for the service's, too. */
@Tag("kills-servers")
@ExtendWith(OutputCaptureExtension.class)
class TlsIT {
    private static final int RABBIT_TLS = FreePorts.next();
    private static final int REDIS_TLS = FreePorts.next();

    @TempDir
    static Path folder;

    private static PrivateCa ca;
    private static PrivateCa.Pair own;
    private static PrivateCa stranger;
    private static RabbitServer rabbit;
    private static RedisServer redis;

    @BeforeAll
    static void start() {
        ca = PrivateCa.in(folder.resolve("ca"));
        stranger = PrivateCa.in(folder.resolve("stranger"));
        own = ca.issue("conversation");
        PrivateCa.Pair server = ca.issue("localhost");
        rabbit = RabbitServer.startWithTls(folder.resolve("rabbitmq"), RABBIT_TLS, ca, server);
        redis = RedisServer.startWithTls(folder.resolve("redis"), REDIS_TLS, ca, server);
    }

    @AfterAll
    static void stop() {
        rabbit.close();
        redis.close();
    }

    /** With what would leave out the check of the name, if it could be left out. */
    private static List<String> broker(String host, Path trusted) {
        return List.of(
                "spring.rabbitmq.host=" + host,
                "spring.rabbitmq.port=" + RABBIT_TLS,
                // Only the first failure is logged, and none of the tests is about a handshake that takes long.
                "spring.rabbitmq.connection-timeout=30s",
                "spring.rabbitmq.ssl.verify-hostname=false",
                "RABBITMQ_TLS=true",
                "RABBITMQ_TLS_CA=" + trusted,
                "RABBITMQ_TLS_CERT=" + own.certificate(),
                "RABBITMQ_TLS_KEY=" + own.key());
    }

    private static List<String> store(String host, Path trusted) {
        return List.of(
                "spring.data.redis.host=" + host,
                "spring.data.redis.port=" + REDIS_TLS,
                "REDIS_TLS=true",
                "REDIS_TLS_CA=" + trusted,
                "REDIS_TLS_CERT=" + own.certificate(),
                "REDIS_TLS_KEY=" + own.key());
    }

    private static Service start(List<String> broker, List<String> store) {
        List<String> settings = new ArrayList<>(broker);
        settings.addAll(store);
        return Service.start(redis, rabbit, settings.toArray(String[]::new));
    }

    @Test
    void takesAQuestionToTheBrokerByBoth() throws Exception {
        try (Service service = start(broker("localhost", ca.certificate()), store("localhost", ca.certificate()));
                Tab tab = Browser.guest(service).open();
                Connection connection = connect()) {
            tab.send("send", "conversationId", "c", "messageId", "m", "parentId", null, "text", "Who listens?");

            assertThat(tab.take("accepted")).isNotNull();
            await().until(() -> requests(connection) >= 1);
        }
    }

    /**
     * Requests at the broker; none while the service has not declared their queue, as a question is accepted without.
     */
    private static long requests(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        try {
            return channel.messageCount(Topology.REQUEST_QUEUE);
        } catch (IOException e) {
            return 0; // no such queue yet, and the broker has closed the channel
        } finally {
            channel.abort();
        }
    }

    private static Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(rabbit.port());
        factory.setUsername(rabbit.username());
        factory.setPassword(rabbit.password());
        return factory.newConnection();
    }

    @Test
    void believesNoBrokerOfAnotherCa(CapturedOutput output) {
        assertNoBroker(broker("localhost", stranger.certificate()), output, "with TLS.*Path does not chain");
    }

    @Test
    void believesNoBrokerWhoseCertificateIsForAnotherName(CapturedOutput output) {
        assertNoBroker(broker("127.0.0.1", ca.certificate()), output, "with TLS.*No subject alternative names match");
    }

    @Test
    void doesNotFallBackToABrokerWithoutTls(CapturedOutput output) {
        List<String> settings = new ArrayList<>(broker("localhost", ca.certificate()));
        settings.add("spring.rabbitmq.port=" + rabbit.port());

        assertNoBroker(settings, output, "with TLS.*Unsupported or unrecognized SSL message");
    }

    @Test
    void isNotTakenWithoutTlsByABrokerThatWantsIt(CapturedOutput output) {
        assertNoBroker(List.of("spring.rabbitmq.port=" + RABBIT_TLS), output, "without TLS");
    }

    /** The store is reached as ever; the service is up, waits for the broker, and says why. */
    private static void assertNoBroker(List<String> settings, CapturedOutput output, String why) {
        try (Service _ = start(settings, List.of())) {
            await().until(() -> output.getOut().contains("RabbitMQ can't be used"));
            assertThat(output.getOut()).containsPattern("RabbitMQ can't be used " + why);
        }
    }

    @Test
    void believesNoStoreOfAnotherCa(CapturedOutput output) {
        assertNoStore(store("localhost", stranger.certificate()), output, "with TLS.*Path does not chain");
    }

    @Test
    void believesNoStoreWhoseCertificateIsForAnotherName(CapturedOutput output) {
        assertNoStore(store("127.0.0.1", ca.certificate()), output, "with TLS.*No subject alternative names match");
    }

    @Test
    void doesNotFallBackToAStoreWithoutTls(CapturedOutput output) {
        List<String> settings = new ArrayList<>(store("localhost", ca.certificate()));
        settings.add("spring.data.redis.port=" + redis.port());

        assertNoStore(settings, output, "with TLS");
    }

    @Test
    void isNotTakenWithoutTlsByAStoreThatWantsIt(CapturedOutput output) {
        assertNoStore(List.of("spring.data.redis.port=" + REDIS_TLS), output, "without TLS");
    }

    /** Without its store the service does not start, and says why. */
    private static void assertNoStore(List<String> settings, CapturedOutput output, String why) {
        assertThatThrownBy(() -> start(List.of("parley.history.start-wait=1ms"), settings))
                .hasStackTraceContaining("RedisConnectionException");
        assertThat(output.getOut()).containsPattern("Waiting for Redis, " + why);
    }
}
