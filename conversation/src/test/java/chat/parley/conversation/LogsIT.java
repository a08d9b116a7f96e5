package chat.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.ConversationTitled;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyName;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RabbitServer;
import chat.parley.testing.servers.RedisServer;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Logs have ids and sizes. What a person or a model says, cookies and secrets are in none, whatever goes wrong: here
 * each of them has the same word in it, and that is looked for in all that the service says.
 */
@ExtendWith(OutputCaptureExtension.class)
class LogsIT {
    private static final Id WORKER = new Id("worker");

    /** Four events that are none, each by its partition and straight to the dead letters; one for the broken store. */
    private static final int DEAD_LETTERS = 9;

    private final EventJson json = new EventJson();
    /** Of the link by which the conversation was shared. */
    private String linkToken = "";

    @Test
    void haveNoWordsNoCookiesAndNoSecrets(CapturedOutput output) throws Exception {
        Browser browser = live(output);

        String token = browser.cookie().substring(browser.cookie().indexOf('=') + 1);
        assertThat(output.toString().toLowerCase(Locale.ROOT)).doesNotContain("planted");
        assertThat(output).doesNotContain(token, token.substring(token.lastIndexOf('.')));
        assertThat(linkToken).hasSize(34);
        assertThat(output).doesNotContain(linkToken);
    }

    /** From the start of a service to its end. @return whoever was there */
    private Browser live(CapturedOutput output) throws Exception {
        Path folder = Path.of("target", "logs-" + System.nanoTime());
        try (RabbitServer rabbit = RabbitServer.startPrivate(folder.resolve("rabbitmq"));
                RedisServer redis = RedisServer.startPrivate(folder.resolve("redis"));
                Service service = Service.start(redis, rabbit, "parley.session.secret=a-secret-that-is-planted");
                Connection broker = connect(rabbit);
                Channel channel = broker.createChannel()) {
            channel.confirmSelect();
            MeterRegistry meters = service.bean(MeterRegistry.class);
            await().until(() -> meters.get("parley.partitions").gauge().value() == Topology.SHARDS);
            Browser browser = Browser.guest(service);
            talk(browser, channel);
            share(service, browser);
            sendBrokenFrames(service, browser);
            makeBrokenCalls(service, browser);
            sendBrokenRequests(service, browser);
            sendBrokenEvents(browser, channel);
            breakTheStore(redis, browser, channel);
            browser.delete("/api/conversations/c");
            browser.delete("/api/session");
            await().until(() -> meters.counter("parley.dead.letters").count() >= DEAD_LETTERS);
            // So it is heard at all.
            assertThat(output)
                    .contains("completed by attempt 1", "is no list of events", "Dead letter", "can't apply an event");
            return browser;
        }
    }

    /** All that is done every day. */
    private void talk(Browser browser, Channel channel) throws Exception {
        ReplyName reply = new ReplyName(browser.userId(), new Id("c"), new Id("m-reply"));
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Planted question");
            publish(
                    channel,
                    reply.shard(),
                    json.write(List.<ReplyEvent>of(
                            new ReplyStarted(reply, 1, WORKER, "model-1"),
                            new ReplyDelta(reply, 1, WORKER, 0, 0, "Planted answer"),
                            new ReplyDelta(reply, 1, WORKER, 9, 90, "Planted behind a gap"),
                            new ReplyCompleted(reply, 1, WORKER, "Planted answer", null),
                            new ConversationTitled(reply, 1, WORKER, "Planted title"))));
            tab.event("reply.completed");
            tab.take(frame -> frame.toString().contains("Planted title"));
            tab.say("c", "m", "Planted words under a planted id");
            tab.say("c", "m2", "Planted " + "x".repeat(16_000));
        }
        browser.patch(
                "/api/conversations/c", "{\"title\":\"Planted title\",\"systemPrompt\":\"Planted instructions\"}");
        browser.get("/api/search?q=planted");
        browser.get("/api/conversations/c/export");
    }

    /** A link is made, read, read in wrong ways, and taken back. */
    private void share(Service service, Browser browser) throws IOException {
        String path = "/api/conversations/c/share";
        linkToken = browser.put(path).json().path("token").asString();
        String shared = "/api/shared/" + linkToken;
        assertThat(browser.get(shared).body()).contains("Planted answer");
        assertThat(browser.get(shared + "?limit=x").status()).isEqualTo(400);
        assertThat(browser.get(shared + "?before=" + linkToken).status()).isEqualTo(404);
        assertThat(browser.delete(shared).status()).isEqualTo(405);
        assertThat(browser.call(browser.request(shared)
                                .header("Accept", "text/html")
                                .GET())
                        .status())
                .isEqualTo(406);
        for (String target :
                List.of(shared + "?x=%zz", shared + "?before=%zz", shared + "{|", shared + ";a", shared + "%2f")) {
            sendBroken(service, "GET " + target + " HTTP/1.1\r\nHost: a");
        }
        browser.delete(path);
        assertThat(browser.get(shared).status()).isEqualTo(404);
    }

    private static void sendBrokenFrames(Service service, Browser browser) throws IOException {
        try (Tab tab = browser.open()) {
            for (String frame : List.of(
                    "planted, and no JSON",
                    "{\"planted\":",
                    "{\"type\":\"planted\",\"id\":\"planted\"}",
                    "{\"type\":\"ping\",\"id\":\"planted " + "x".repeat(200) + "\"}",
                    "{\"type\":\"subscribe\",\"id\":1,\"conversationId\":\"a planted id\"}",
                    "{\"type\":\"ping\",\"id\":1,\"planted\":" + "[".repeat(1_000) + "\"planted\"}")) {
                tab.raw(frame);
                tab.take("error");
            }
        }
        try (RawSocket socket = new RawSocket(service, "Cookie: " + browser.cookie())) {
            byte[] noUtf8 = "Planted x".getBytes(StandardCharsets.US_ASCII);
            noUtf8[8] = (byte) 0xff;
            socket.write(RawSocket.TEXT, true, noUtf8);
            assertThat(socket.closeCode()).isEqualTo(1007);
        }
        try (RawSocket socket = new RawSocket(service, "Cookie: " + browser.cookie())) {
            socket.text("planted".repeat(10_000));
            assertThat(socket.closeCode()).isEqualTo(1009);
        }
    }

    private static void makeBrokenCalls(Service service, Browser browser) {
        for (String body : List.of(
                "planted",
                "{\"title\":planted}",
                "{\"title\":\"planted",
                "{\"title\":{\"planted\":1}}",
                "[\"planted\"]",
                "{\"title\":\"" + "planted ".repeat(1_000) + "\"}",
                "\"" + "planted ".repeat(10_000) + "\"")) {
            assertThat(browser.patch("/api/conversations/c", body).status()).isBetween(400, 499);
        }
        assertThat(browser.call(browser.request("/api/conversations/c")
                                .header("Content-Type", "text/planted")
                                .method("PATCH", BodyPublishers.ofString("planted")))
                        .status())
                .isEqualTo(415);
        assertThat(browser.get("/api/search?q=" + "planted".repeat(100)).status())
                .isEqualTo(413);
        assertThat(browser.get("/api/conversations?limit=planted").status()).isEqualTo(400);
        assertThat(browser.get("/api/conversations?cursor=planted").status()).isEqualTo(400);
        assertThat(Browser.call(
                                service,
                                Browser.request(service, "/api/models").header("Cookie", "parley-session=1.planted.x"))
                        .status())
                .isEqualTo(401);
    }

    /** What the container refuses before it is a call. */
    private static void sendBrokenRequests(Service service, Browser browser) throws IOException {
        String cookie = browser.cookie();
        for (String request : List.of(
                "GET /api/search?q=planted{words| HTTP/1.1\r\nHost: a",
                "GET /api/search?q=planted%zz HTTP/1.1\r\nHost: a\r\nCookie: " + cookie,
                "GET /api/search?q=x HTTP/planted\r\nHost: a",
                "PLANTED{ /api/search HTTP/1.1\r\nHost: a",
                "GET /api/models HTTP/1.1\r\nHost: planted host",
                "GET /api/models HTTP/1.1\r\nHost: a\r\nPlanted header without a colon",
                "GET /api/models HTTP/1.1\r\nHost: a\r\nCookie: other=\"planted; " + cookie,
                "GET /api/models HTTP/1.1\r\nHost: a\r\nCookie: planted=a b\u0001c; " + cookie,
                "GET /api/models HTTP/1.1\r\nHost: a\r\nCookie: a=planted,{}; " + cookie,
                "GET /api/models HTTP/1.1\r\nHost: a\r\nCookie: " + cookie + ",{}")) {
            sendBroken(service, request);
        }
    }

    private static void sendBroken(Service service, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream()
                    .write((request + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).as(request).matches("(?s)HTTP/1.1 [24].*");
            // What was shared is shown also where the query can't be read.
            if (!request.contains("/api/shared/")) {
                assertThat(answer).as(request).doesNotContain("lanted");
            }
        }
    }

    private static void sendBrokenEvents(Browser browser, Channel channel) throws Exception {
        int shard = Topology.shardOf(browser.userId());
        for (String body : List.of(
                "planted, and no JSON",
                "[{\"type\":\"planted\"}]",
                "[{\"type\":\"reply.delta\",\"text\":\"planted\"}]",
                "{\"planted\":1}")) {
            publish(channel, shard, body.getBytes(StandardCharsets.UTF_8));
            channel.basicPublish(Topology.CONTROL_ALL, "", null, body.getBytes(StandardCharsets.UTF_8));
            channel.basicPublish(Topology.DEAD, "", null, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The script fails at what it finds, and is told what was to be stored. */
    private void breakTheStore(RedisServer server, Browser browser, Channel channel) throws Exception {
        ReplyName reply = new ReplyName(browser.userId(), new Id("broken"), new Id("m-reply"));
        try (Tab tab = browser.open();
                RedisClient redis = RedisClient.create(RedisURI.create(server.host(), server.port()));
                var connection = redis.connect()) {
            tab.say("broken", "m", "Planted question");
            String keys = "{s%s}:u:%s:c:broken:".formatted(Topology.partitionKey(reply.shard()), browser.userId());
            connection.sync().hset(keys + "replies", "m-reply", "planted, and no JSON");
            publish(channel, reply.shard(), json.write(List.of(new ReplyDelta(reply, 1, WORKER, 0, 0, "planted"))));
            tab.ask("cancel", "conversationId", "broken", "replyId", "m-reply");
        }
    }

    private static void publish(Channel channel, int shard, byte[] body) throws Exception {
        channel.basicPublish(
                Topology.REPLIES,
                Topology.partitionKey(shard),
                new BasicProperties.Builder().deliveryMode(2).build(),
                body);
        channel.waitForConfirmsOrDie(15_000);
    }

    private static Connection connect(RabbitServer rabbit) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        factory.setUsername(rabbit.username());
        factory.setPassword(rabbit.password());
        return factory.newConnection("test");
    }
}
