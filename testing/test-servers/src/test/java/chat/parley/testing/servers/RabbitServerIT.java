package chat.parley.testing.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("kills-servers")
class RabbitServerIT {
    private static final String QUEUE = "kept";

    @TempDir
    private Path dir;

    @Test
    void keepsWhatItConfirmedOverAKill() throws Exception {
        try (RabbitServer rabbit = RabbitServer.startPrivate(dir)) {
            try (Connection connection = connect(rabbit)) {
                Channel channel = connection.createChannel();
                channel.queueDeclare(QUEUE, true, false, false, Map.of("x-queue-type", "quorum"));
                channel.confirmSelect();
                channel.basicPublish(
                        "", QUEUE, MessageProperties.PERSISTENT_BASIC, "a".getBytes(StandardCharsets.US_ASCII));
                channel.waitForConfirmsOrDie(10_000);
            }
            rabbit.settle();
            rabbit.kill();
            rabbit.restart();
            try (Connection connection = connect(rabbit)) {
                assertThat(connection.createChannel().basicGet(QUEUE, true).getBody())
                        .asString()
                        .isEqualTo("a");
            }
        }
    }

    @Test
    void sharesOneThatNoTestMayBreak() throws Exception {
        RabbitServer rabbit = RabbitServer.get();

        assertThat(RabbitServer.get()).isSameAs(rabbit);
        try (Connection connection = connect(rabbit)) {
            assertThat(connection.isOpen()).isTrue();
        }
        assertThatIllegalStateException().isThrownBy(rabbit::kill);
    }

    private static Connection connect(RabbitServer rabbit) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        factory.setUsername(rabbit.username());
        factory.setPassword(rabbit.password());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }
}
