package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.testing.servers.RabbitServer;
import chat.parley.testing.servers.RedisServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What a browser is told of the line before its reply. Broker and store are the tests' own: nobody else waits there.
 */
class QueuePlaceIT {
    @TempDir
    static Path dir;

    private static RabbitServer broker;
    private static RedisServer store;
    private static Service service;

    private final Browser ann = Browser.guest(service);

    @BeforeAll
    static void start() {
        broker = RabbitServer.startPrivate(dir.resolve("rabbitmq"));
        store = RedisServer.startPrivate(dir.resolve("redis"));
        service = Service.start(
                store,
                broker,
                "parley.history.replies-per-user=2",
                "parley.reply.queues-every=50ms",
                "parley.live.tick=50ms");
    }

    @AfterAll
    static void stop() {
        service.close();
        store.close();
        broker.close();
    }

    /** Nothing of a test stays in the line. */
    @AfterEach
    void leave() {
        List.of("first", "second", "held", "a", "b").forEach(id -> ann.delete("/api/conversations/" + id));
    }

    @Test
    void tellsHowManyAreBeforeAndThatTheyGrowFewer() {
        try (Tab tab = ann.open();
                Tab stranger = Browser.guest(service).open()) {
            for (String conversationId : List.of("first", "second", "held")) {
                tab.ask("subscribe", "conversationId", conversationId);
                stranger.ask("subscribe", "conversationId", conversationId);
            }
            tab.say("first", "m1", "Hello");
            awaitPlace(tab, "first", 0);
            tab.say("second", "m2", "Hello");
            awaitPlace(tab, "second", 1);
            tab.say("held", "m3", "Hello");
            JsonNode frame = awaitPlace(tab, "held", 2);
            assertThat(frame.path("replyId").asString()).isEqualTo("m3-reply");

            new Worker(service, ann, "first", "m1-reply").starts();

            awaitPlace(tab, "second", 0);
            awaitPlace(tab, "held", 1);
            assertThat(stranger.soFar())
                    .noneMatch(one -> one.path("type").asString().equals("queue"));
        }
    }

    @Test
    void tellsATabThatComesLaterAndNoneThatLooksAway() {
        try (Tab tab = ann.open();
                Tab later = ann.open()) {
            tab.ask("subscribe", "conversationId", "a");
            tab.ask("subscribe", "conversationId", "b");
            tab.say("a", "m4", "Hello");
            awaitPlace(tab, "a", 0);
            tab.say("b", "m5", "Hello");
            awaitPlace(tab, "b", 1);
            tab.ask("unsubscribe", "conversationId", "b");
            later.ask("subscribe", "conversationId", "b");
            awaitPlace(later, "b", 1);

            new Worker(service, ann, "a", "m4-reply").starts();

            awaitPlace(later, "b", 0);
            assertThat(tab.soFar()).noneMatch(frame -> isPlace(frame, "b"));
        }
    }

    /** Waits until the tab is told so. */
    private static JsonNode awaitPlace(Tab tab, String conversationId, int ahead) {
        return tab.take(
                frame -> isPlace(frame, conversationId) && frame.path("ahead").asInt() == ahead);
    }

    private static boolean isPlace(JsonNode frame, String conversationId) {
        return frame.path("type").asString().equals("queue")
                && frame.path("conversationId").asString().equals(conversationId);
    }
}
