package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.testing.servers.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A store that dies, and one that comes back as it was some time ago. */
@Tag("kills-servers")
class OlderStoreIT {
    @TempDir
    Path dir;

    @Test
    void keepsSocketsWhileTheStoreIsAwayAndGoesOnAfterwards() throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.startPrivate(dir.resolve("redis"));
                Service service = Service.start(redis, "parley.live.tick=100ms")) {
            Browser browser = Browser.guest(service);
            try (Tab tab = browser.open()) {
                tab.ask("subscribe", "conversationId", "c");
                tab.say("c", "m", "Hello");
                tab.event("reply.queued");

                redis.kill();
                JsonNode refused = tab.say("c", "m2", "Are you there?");
                assertThat(refused.path("code").asString()).isEqualTo("unavailable");
                assertThat(refused.path("retryable").asBoolean()).isTrue();
                assertThat(tab.ask("subscribe", "conversationId", "d")
                                .path("code")
                                .asString())
                        .isEqualTo("unavailable");
                Browser.Answer call = browser.get("/api/conversations");
                assertThat(call.status()).isEqualTo(503);
                assertThat(call.json().path("code").asString()).isEqualTo("unavailable");
                assertThat(health(service, "readiness")).isEqualTo(503);
                assertThat(health(service, "liveness")).isEqualTo(200);
                redis.restart();

                await().until(() -> tab.say("c", "m2", "Are you there?")
                        .path("type")
                        .asString()
                        .equals("accepted"));
                new Worker(service, browser, "c", "m-reply")
                        .starts()
                        .says("Yes")
                        .completes();
                Story story = new Story(2);
                while (!story.hasEnded("m-reply")) {
                    JsonNode frame = tab.take("event");
                    if (frame.path("seq").asLong() > 2) {
                        story.apply(frame);
                    }
                }
                assertThat(tab.isOpen()).isTrue();
                await().until(() -> health(service, "readiness") == 200);
            }
        }
    }

    private static int health(Service service, String group) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + service.managementPort() + "/actuator/health/" + group);
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void closesSocketsWhosePositionIsLost() throws IOException {
        Path data = dir.resolve("redis");
        Path copy = dir.resolve("copy");
        try (RedisServer redis = RedisServer.startPrivate(data);
                Service service = Service.start(redis, "parley.live.tick=100ms")) {
            Browser browser = Browser.guest(service);
            try (Tab tab = browser.open();
                    Tab elsewhere = browser.open()) {
                elsewhere.ask("subscribe", "conversationId", "untouched");
                elsewhere.say("untouched", "m", "Hello");
                elsewhere.event("reply.queued");
                tab.ask("subscribe", "conversationId", "c");
                tab.say("c", "m", "Hello");
                tab.event("reply.queued");
                copy(data, copy);
                tab.say("c", "m2", "Forgotten");
                String cursor = tab.take(frame -> frame.path("seq").asLong(0) == 4 && frame.has("event"))
                        .path("cursor")
                        .asString();

                redis.kill();
                delete(data);
                copy(copy, data);
                redis.restart();

                assertThat(tab.closeCode()).isEqualTo(1012);
                try (Tab again = browser.open()) {
                    JsonNode subscribed = again.ask("subscribe", "conversationId", "c", "after", cursor);
                    assertThat(subscribed.path("recovered").asBoolean()).isFalse();
                    assertThat(subscribed.path("seq").asLong()).isEqualTo(2);
                    again.say("c", "m3", "New times");
                    assertThat(again.event("message.created").path("seq").asLong())
                            .isEqualTo(3);
                    assertThat(elsewhere.isOpen()).isTrue();
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path path : paths(from)) {
            Path target = to.resolve(from.relativize(path));
            if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else {
                Files.copy(path, target);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        for (Path path :
                paths(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
        }
    }

    private static List<Path> paths(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.toList();
        }
    }
}
