package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.LogEntry;
import chat.parley.conversation.history.SessionStore;
import chat.parley.conversation.history.Wakeups;
import chat.parley.events.Id;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RedisServer;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Pub/sub forgets; the log does not. */
class LostWakeupIT {
    private static RedisServer server;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;
    private static Service service;

    private final Browser browser = Browser.guest(service);

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(Path.of("target"));
        server = RedisServer.startPrivate(Files.createTempDirectory(Path.of("target"), "redis-lost-"));
        client = RedisClient.create(RedisURI.create(server.host(), server.port()));
        redis = client.connect().sync();
        service = Service.start(server, "parley.live.check-open=300ms", "parley.live.tick=100ms");
    }

    @AfterEach
    void heal() {
        await().until(service.bean(Wakeups.class)::isOpen);
    }

    @AfterAll
    static void stop() {
        service.close();
        client.shutdown();
        server.close();
    }

    @Test
    void readsTheLogAfterABreak() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            Worker worker = new Worker(service, browser, "c", "m-reply").starts();

            redis.clientKill(KillArgs.Builder.typePubsub());
            worker.says("Said to ", "nobody").completes();

            Story story = new Story(0);
            while (!story.hasEnded("m-reply")) {
                story.apply(tab.take("event"));
            }
            assertThat(story.textOf("m-reply")).isEqualTo("Said to nobody");
        }
    }

    /** As after a restore of what another installation had: who comes back from there must find what is his. */
    @Test
    void takesTheKeyOfSessionsThatTheStoreCameBackWith() {
        String key = "{s00}:session-secret";
        String own = redis.get(key);

        // Without a socket nothing is listened to, and there is no connection to break.
        try (Tab tab = browser.open()) {
            redis.set(key, "the key of a copy that was restored");
            redis.clientKill(KillArgs.Builder.typePubsub());
            await().until(() -> browser.get("/api/conversations").status() == 401);

            redis.set(key, own);
            redis.clientKill(KillArgs.Builder.typePubsub());
            await().until(() -> browser.get("/api/conversations").status() == 200);
            assertThat(tab.ask("ping").path("type").asString()).isEqualTo("pong");
        }
    }

    @Test
    void tellsOfAListThatChangedDuringABreak() {
        try (Tab tab = browser.open()) {
            redis.clientKill(KillArgs.Builder.typePubsub());
            tab.say("c", "m", "Hello");

            assertThat(tab.take("conversation").path("conversation").path("id").asString())
                    .isEqualTo("c");
        }
    }

    @Test
    void closesSocketsOfASessionThatEndedDuringABreak() {
        try (Tab tab = browser.open()) {
            redis.clientKill(KillArgs.Builder.typePubsub());
            browser.delete("/api/session");

            assertThat(tab.closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void closesSocketsOfAllSessionsThatEndedDuringABreak() {
        try (Tab tab = browser.open()) {
            redis.clientKill(KillArgs.Builder.typePubsub());
            endEverywhereElse();

            assertThat(tab.closeCode()).isEqualTo(4401);
        }
    }

    /** As another browser of the same user does: this one's session is not named. */
    private void endEverywhereElse() {
        service.bean(SessionStore.class).endAll(browser.userId(), 0);
    }

    @Test
    void tellsASubscriberOfADeletionDuringABreak() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            tab.event("reply.queued");

            redis.clientKill(KillArgs.Builder.typePubsub());
            browser.delete("/api/conversations/c");

            JsonNode deleted =
                    tab.take(frame -> frame.path("change").asString("").equals("deleted"));
            assertThat(deleted.path("conversation").path("id").asString()).isEqualTo("c");
            assertThat(tab.isOpen()).isTrue();
        }
    }

    @Test
    void noticesWhatWasNeverAnnounced() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            tab.event("reply.queued");

            appendUnheard("{\"type\":\"reply.test\"}");

            assertThat(tab.event("reply.test").path("seq").asLong()).isEqualTo(3);
        }
    }

    @Test
    void fillsAGapBeforeWhatIsHeardNext() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            tab.event("reply.queued");

            appendUnheard("{\"type\":\"reply.test\"}");
            new Worker(service, browser, "c", "m-reply").starts();

            assertThat(tab.take("event").path("seq").asLong()).isEqualTo(1);
            assertThat(tab.take("event").path("event").path("type").asString()).isEqualTo("reply.test");
            assertThat(tab.take("event").path("event").path("type").asString()).isEqualTo("reply.started");
        }
    }

    /** Appends as the scripts do, all at once, but says nothing. */
    private void appendUnheard(String event) {
        String key =
                "{s" + Topology.partitionKey(Topology.shardOf(browser.userId())) + "}:u:" + browser.userId() + ":c:c:";
        String script = """
                local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
                redis.call('HSET', KEYS[1], 'h', 'abcdef')
                return redis.call('XADD', KEYS[2], seq .. '-0', 'h', 'abcdef', 'at', ARGV[1], 'e', ARGV[2])
                """;
        String[] keys = {key + "meta", key + "log"};
        String id = redis.eval(script, ScriptOutputType.VALUE, keys, Long.toString(System.currentTimeMillis()), event);
        assertThat(id).endsWith("-0");
    }

    @Test
    void hearsNoMoreAfterABreakWhatItGaveUpMeanwhile() {
        Wakeups wakeups = service.bean(Wakeups.class);
        ConversationName name = new ConversationName(Id.random(), Id.random());
        List<String> before = redis.pubsubChannels("*");
        wakeups.listen(name, new Wakeups.Listener() {
            @Override
            public void onEntry(LogEntry entry) {}

            @Override
            public void onDeleted() {}
        });
        String channel = redis.pubsubChannels("*").stream()
                .filter(one -> !before.contains(one))
                .findFirst()
                .orElseThrow();

        // Each time anew: the connection is back after 200 ms, which may pass between two looks.
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            redis.clientKill(KillArgs.Builder.typePubsub());
            return !wakeups.isOpen();
        });
        wakeups.unlisten(name);
        await().until(wakeups::isOpen);

        await().until(() -> redis.pubsubNumsub(channel).get(channel) == 0);
    }
}
