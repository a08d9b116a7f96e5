package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.reply.AssistantStatus;
import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RabbitServer;
import chat.parley.testing.servers.RedisServer;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a browser is told of the workers. They have a broker of their own, so that no other test hears of them. */
class AssistantIT {
    @TempDir
    static Path dir;

    private static RabbitServer broker;
    private static Service service;

    private final Browser browser = Browser.guest(service);

    @BeforeEach
    void noWorkerIsKnown() {
        await().until(() -> status().models().isEmpty());
    }

    private static AssistantStatus status() {
        return service.bean(AssistantStatus.class);
    }

    @BeforeAll
    static void start() {
        broker = RabbitServer.startPrivate(dir.resolve("rabbitmq"));
        service = Service.start(
                RedisServer.get(),
                broker,
                "parley.reply.worker-silence=8s",
                "parley.live.tick=100ms",
                "parley.prices.models={\"large\":{\"prompt\":0.25,\"completion\":2.0}}");
    }

    @AfterAll
    static void stop() {
        service.close();
        broker.close();
    }

    @Test
    void tellsWhoAnswersAndWhich() throws IOException, TimeoutException {
        assertThat(browser.get("/api/models").json().toString()).isEqualTo("{\"items\":[]}");
        try (Tab tab = browser.open();
                Workers workers = new Workers()) {
            await().until(() -> {
                workers.announce("small", "large");
                return status().current().workers() == 1;
            });

            JsonNode status = tab.take("status").path("assistant");
            assertThat(status.path("state").asString()).isEqualTo("up");
            assertThat(status.path("workers").asInt()).isEqualTo(1);
            workers.announce("small", "large");
            assertThat(browser.get("/api/models").json().toString())
                    .isEqualTo("{\"items\":[{\"id\":\"small\",\"default\":true,\"demo\":true},"
                            + "{\"id\":\"large\",\"default\":false,\"demo\":true,"
                            + "\"price\":{\"prompt\":0.25,\"completion\":2.0,\"currency\":\"USD\"}}]}");
            assertThat(send(tab, "m1", "unheard-of").path("code").asString()).isEqualTo("bad_request");
            assertThat(send(tab, "m1", "large").path("type").asString()).isEqualTo("accepted");
            assertThat(browser.patch("/api/conversations/c", "{\"model\":\"unheard-of\"}")
                            .status())
                    .isEqualTo(400);
            assertThat(browser.patch("/api/conversations/c", "{\"model\":\"small\"}")
                            .status())
                    .isEqualTo(200);

            JsonNode down = tab.take(
                    frame -> frame.path("assistant").path("state").asString("").equals("down"));
            assertThat(down.path("assistant").path("workers").asInt()).isZero();
        }
    }

    @Test
    void answersARepeatThatNamesAModelWhichIsNoLongerOffered() throws IOException, TimeoutException {
        try (Tab tab = browser.open();
                Workers workers = new Workers()) {
            await().until(() -> {
                workers.announce("small", "large");
                return status().models().contains("large");
            });
            JsonNode first = send(tab, "m1", "large");
            await().until(() -> {
                workers.announce("small");
                return !status().models().contains("large");
            });

            JsonNode repeat = send(tab, "m1", "large");

            assertThat(repeat.path("type").asString()).isEqualTo("accepted");
            assertThat(repeat.path("replyId")).isEqualTo(first.path("replyId"));
            assertThat(repeat.path("seq")).isEqualTo(first.path("seq"));
            workers.announce("small");
            assertThat(send(tab, "m2", "large").path("code").asString()).isEqualTo("bad_request");
        }
    }

    private static JsonNode send(Tab tab, String messageId, String model) {
        return tab.ask(
                "send",
                "conversationId",
                "c",
                "messageId",
                messageId,
                "parentId",
                null,
                "text",
                "Hello",
                "model",
                model);
    }

    /** Says what a worker says, where workers say it. */
    private static final class Workers implements AutoCloseable {
        private final Id id = Id.random();
        private final Connection connection;
        private final Channel channel;

        Workers() throws IOException, TimeoutException {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setHost(broker.host());
            factory.setPort(broker.port());
            factory.setUsername(broker.username());
            factory.setPassword(broker.password());
            connection = factory.newConnection();
            channel = connection.createChannel();
        }

        void announce(String... models) throws IOException {
            WorkerAnnounced worker = new WorkerAnnounced(id, List.of(models), true, 0, 64, true, false);
            channel.basicPublish(Topology.CONTROL_ALL, "", null, new EventJson().write(worker));
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
