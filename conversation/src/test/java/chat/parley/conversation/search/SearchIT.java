package chat.parley.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.RedisMonitor;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.RestoreArgs;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The search of the protocol page, on what a real store has. */
class SearchIT {
    /** Each conversation that is brought in is newer than the one before. */
    private static final AtomicInteger FILES = new AtomicInteger();

    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @TempDir
    Path dir;

    private static Answer search(Browser browser, String typed) {
        return browser.get("/api/search?q=" + URLEncoder.encode(typed, StandardCharsets.UTF_8));
    }

    /** The ids of the messages that are found, as {@code conversation/message}. */
    private static List<String> found(Browser browser, String typed) {
        Answer answer = search(browser, typed);
        assertThat(answer.status()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        for (JsonNode item : answer.json().path("items")) {
            ids.add(item.path("conversationId").asString() + "/"
                    + item.path("messageId").asString());
        }
        return ids;
    }

    private List<String> found(String typed) {
        return found(browser, typed);
    }

    private void say(String conversation, String message, String words) {
        try (Tab tab = browser.open()) {
            assertThat(tab.say(conversation, message, words).path("type").asString())
                    .isEqualTo("accepted");
        }
    }

    /** A file with one conversation in it. */
    private static void bringIn(Browser browser, String conversation, String... texts) {
        String updated = Instant.parse("2026-01-02T03:05:00Z")
                .plusSeconds(FILES.incrementAndGet())
                .toString();
        List<Object> messages = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            Map<String, @Nullable Object> message = new HashMap<>();
            message.put("id", "m" + i);
            message.put("parentId", i == 0 ? null : "m" + (i - 1));
            message.put("role", i % 2 == 0 ? "user" : "assistant");
            message.put("text", texts[i]);
            message.put("status", "complete");
            message.put("createdAt", "2026-01-02T03:04:%02dZ".formatted(i));
            messages.add(message);
        }
        Map<String, Object> file = Map.of(
                "conversation",
                Map.of(
                        "id",
                        conversation,
                        "title",
                        "Of " + conversation,
                        "createdAt",
                        "2026-01-02T03:04:00Z",
                        "updatedAt",
                        updated,
                        "pinned",
                        false),
                "messages",
                messages);
        Answer answer = browser.call(browser.request("/api/conversations/import")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Browser.JSON.writeValueAsString(file))));
        assertThat(answer.json().path("imported").asInt()).as(answer.body()).isEqualTo(1);
    }

    @Test
    void findsMessagesThatHaveAllWordsAndMarksThem() {
        say("a", "m1", "Où sont les  GREY whales?");
        say("b", "m1", "A grey day");

        Answer answer = search(browser, " whale grey ");

        assertThat(answer.body())
                .isEqualTo("{\"items\":[{\"conversationId\":\"a\",\"messageId\":\"m1\","
                        + "\"title\":\"Où sont les GREY whales?\",\"excerpt\":\"Où sont les GREY whales?\","
                        + "\"marks\":[[12,16],[17,22]]}]}");
        assertThat(found("OU")).containsExactly("a/m1");
        assertThat(found("\"les grey whales\"")).containsExactly("a/m1");
        assertThat(found("\"les whales\"")).isEmpty();
        assertThat(found("\"grey wh")).containsExactly("a/m1");
        assertThat(found("whale day")).isEmpty();
    }

    @Test
    void findsTheNewestMessageFirstInWhicheverConversation() {
        bringIn(browser, "old", "whale", "whale");
        say("a", "m1", "whale 1");
        say("b", "m1", "whale 2");
        say("a", "m2", "whale 3");

        assertThat(found("whale")).containsExactly("a/m2", "b/m1", "a/m1", "old/m1", "old/m0");
    }

    @Test
    void findsPhrasesAmongManyThatOnlyHaveTheirWords() {
        String[] texts = new String[300];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = i == 7 ? "the foo.bar" : "barn and kungfoo " + i;
        }
        bringIn(browser, "a", texts);

        assertThat(found("foo.bar")).containsExactly("a/m7");
        assertThat(found("\"the foo ba")).containsExactly("a/m7");
        assertThat(search(browser, "foo").json().path("items")).hasSize(50);
    }

    @Test
    void findsChineseJapaneseAndKorean() {
        say("a", "m1", "我们用大型语言模型。");
        say("b", "m1", "東京タワーに行きました");
        say("c", "m1", "한국어를 배워요");

        assertThat(found("语言")).containsExactly("a/m1");
        assertThat(found("言语")).isEmpty();
        assertThat(found("型")).containsExactly("a/m1");
        assertThat(found("タワー")).containsExactly("b/m1");
        assertThat(found("ﾀﾜｰ")).containsExactly("b/m1");
        assertThat(found("한국")).containsExactly("c/m1");
    }

    @Test
    void findsNothingOfAnotherUserWhoHasTheSameIds() {
        Browser other = Browser.guest(service, browser, true);
        say("a", "m1", "Mine alone, a whale");
        try (Tab tab = other.open()) {
            tab.say("a", "m1", "His alone, a shark");
        }

        for (int i = 0; i < 2; i++) {
            assertThat(found("alone")).containsExactly("a/m1");
            assertThat(found("shark")).isEmpty();
            assertThat(found(other, "alone")).containsExactly("a/m1");
            assertThat(found(other, "whale")).isEmpty();
        }
        assertThat(search(other, "alone").body()).doesNotContain("whale").contains("shark");
    }

    @Test
    void seesAllThatHasChangedSinceTheSearchBefore() {
        say("a", "m1", "First words");
        assertThat(found("words")).containsExactly("a/m1");

        Worker worker = new Worker(service, browser, "a", "m1-reply").starts().says("Some words of ", "the model");
        assertThat(found("words")).containsExactly("a/m1");
        worker.completes();
        assertThat(found("words")).containsExactly("a/m1-reply", "a/m1");

        // Another version of the question.
        say("a", "m2", "Better words");
        assertThat(found("words")).containsExactly("a/m2", "a/m1-reply", "a/m1");

        bringIn(browser, "b", "Old words");
        assertThat(found("words")).containsExactly("a/m2", "a/m1-reply", "a/m1", "b/m0");

        browser.patch("/api/conversations/b", "{\"title\":\"Renamed\"}");
        assertThat(search(browser, "old")
                        .json()
                        .path("items")
                        .path(0)
                        .path("title")
                        .asString())
                .isEqualTo("Renamed");

        browser.delete("/api/conversations/a");
        assertThat(found("words")).containsExactly("b/m0");
    }

    @Test
    void asksOnlyWhatHasChangedAndReadsOnlyWhatIsNew() throws Exception {
        try (RedisServer redis = RedisServer.startPrivate(dir.resolve("redis"));
                Service own = Service.start(redis);
                RedisMonitor monitor = new RedisMonitor(redis)) {
            Browser person = Browser.guest(own);
            String[] texts = new String[150];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = "whale " + i;
            }
            bringIn(person, "old", texts);
            try (Tab tab = person.open()) {
                tab.say("a", "m1", "A whale");
                tab.take("conversation"); // or it would be read while the commands of a search are counted
            }
            assertThat(commands(monitor, person, "whale"))
                    .filteredOn(command -> command.contains(":messages"))
                    .hasSize(3);

            assertThat(commands(monitor, person, "whale 1"))
                    .containsExactly("ZREVRANGE conversations", "HMGET c:a:meta", "HMGET c:old:meta");

            Worker worker = new Worker(own, person, "a", "m1-reply").starts().says("Sure");
            assertThat(commands(monitor, person, "whale")).noneMatch(command -> command.contains(":messages"));
            worker.completes();
            assertThat(commands(monitor, person, "sure"))
                    .filteredOn(command -> command.contains(":messages"))
                    .containsExactly("HMGET c:a:messages");
            assertThat(commands(monitor, person, "sure"))
                    .containsExactly("ZREVRANGE conversations", "HMGET c:a:meta", "HMGET c:old:meta");
        }
    }

    /** What a search asks of a user's own keys, without what they all begin with. */
    private static List<String> commands(RedisMonitor monitor, Browser person, String typed) throws Exception {
        String prefix = "\"{s%02d}:u:%s:".formatted(Topology.shardOf(person.userId()), person.userId());
        List<String> commands = new ArrayList<>();
        for (String command :
                monitor.during(() -> assertThat(found(person, typed)).isNotEmpty())) {
            String[] words = command.split(" ", 3);
            // Who it is, and whether replies are due, is asked besides, and a tab that was closed gives up its channel.
            if (words.length > 1
                    && !words[0].contains("UNSUBSCRIBE")
                    && words[1].startsWith(prefix)
                    && !words[1].contains(":epoch")
                    && !words[1].contains(":ended")
                    && !words[1].contains(":s:")) {
                commands.add(words[0].replace("\"", "") + " "
                        + words[1].substring(prefix.length()).replace("\"", ""));
            }
        }
        return commands;
    }

    @Test
    void findsWhatWasStoredByAnotherReplicaAtOnce() {
        try (Service second = Service.start()) {
            Browser there = browser.at(second);
            say("a", "m1", "A whale");
            assertThat(found(there, "whale")).containsExactly("a/m1");
            assertThat(found("whale")).containsExactly("a/m1");

            try (Tab tab = there.open()) {
                tab.say("a", "m2", "Another whale");
            }
            new Worker(second, browser, "a", "m1-reply")
                    .starts()
                    .says("A whale of a time")
                    .completes();

            assertThat(found("whale")).containsExactly("a/m1-reply", "a/m2", "a/m1");
            assertThat(found(there, "whale")).containsExactly("a/m1-reply", "a/m2", "a/m1");
        }
    }

    /** An older copy of the store goes on in another way: with as many events, and a message of the same id. */
    @Test
    void forgetsWhatAStoreThatCameBackOlderDoesNotHave() {
        say("a", "m1", "The beginning");
        try (RedisClient client = RedisClient.create(
                RedisURI.create(RedisServer.get().host(), RedisServer.get().port()))) {
            var commands = client.connect().sync();
            String of = "{s%02d}:u:%s:c:a:".formatted(Topology.shardOf(browser.userId()), browser.userId());
            Map<String, byte[]> copy = new HashMap<>();
            for (String key : List.of("meta", "messages", "order", "replies", "queue", "log")) {
                byte[] value = commands.dump(of + key);
                if (value != null) {
                    copy.put(key, value);
                }
            }
            say("a", "m2", "A whale");
            assertThat(found("whale")).containsExactly("a/m2");

            commands.del(of + "queue");
            copy.forEach((key, value) ->
                    commands.restore(of + key, value, RestoreArgs.Builder.ttl(0).replace()));
            say("a", "m2", "A shark");

            assertThat(found("whale")).isEmpty();
            assertThat(found("shark")).containsExactly("a/m2");
        }
    }

    @Test
    void saysThatItIsNotCompleteWhereThereIsMoreTextThanItLooksThrough() {
        try (Service small = Service.start("parley.search.text-per-user=7000")) {
            Browser person = Browser.guest(small);
            bringIn(person, "old", "whale " + "x".repeat(3000), "whale");
            bringIn(person, "newer", "whale " + "x".repeat(3000));
            assertThat(search(person, "whale").body()).doesNotContain("complete");

            bringIn(person, "newest", "whale " + "y".repeat(3000));
            Answer answer = search(person, "whale");

            assertThat(answer.json().path("complete").asBoolean(true)).isFalse();
            assertThat(found(person, "whale")).containsExactlyInAnyOrder("newest/m0", "newer/m0", "old/m1");

            // What comes then is found before the rest.
            try (Tab tab = person.open()) {
                tab.say("old", "m9", "Another whale");
            }
            assertThat(found(person, "whale")).containsExactlyInAnyOrder("old/m9", "newest/m0", "newer/m0", "old/m1");
            assertThat(search(person, "whale").json().path("complete").asBoolean(true))
                    .isFalse();

            person.delete("/api/conversations/newest");
            assertThat(found(person, "whale")).containsExactlyInAnyOrder("old/m9", "newer/m0", "old/m1", "old/m0");
            assertThat(search(person, "whale").body()).doesNotContain("complete");
        }
    }

    @Test
    void holdsNoMoreThanItMayAndDropsWhatNobodyUses() {
        try (Service small = Service.start("parley.search.memory=1B", "parley.search.idle=1h")) {
            Browser first = Browser.guest(small);
            Browser second = Browser.guest(small);
            bringIn(first, "a", "whale");
            bringIn(second, "a", "whale", "whale", "whale");
            Search search = small.bean(Search.class);

            assertThat(found(first, "whale")).hasSize(1);
            long one = search.bytes();
            assertThat(one).isPositive();
            assertThat(found(second, "whale")).hasSize(3);
            assertThat(found(first, "whale")).hasSize(1);
            await().untilAsserted(() -> assertThat(search.bytes()).isEqualTo(one));
        }
        try (Service forgetful = Service.start("parley.search.idle=10ms")) {
            Browser person = Browser.guest(forgetful);
            bringIn(person, "a", "whale");

            assertThat(found(person, "whale")).hasSize(1);
            await().until(() -> forgetful.bean(Search.class).bytes() == 0);
            assertThat(found(person, "whale")).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "?",
                "wha*",
                "whal?",
                "a AND",
                "NOT",
                "a OR (",
                "text:whale",
                "whale~2",
                "/wh.*/",
                "[a TO z]",
                "\"",
                "\"a\" \"",
                "\\",
                "+-&&||!(){}[]^\"~*?:\\/",
                "a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9",
                "\u0000",
                "\ufffd",
                "%25",
                "<b>",
                "'; DROP"
            })
    void takesWhatIsTypedForPlainText(String typed) {
        say("a", "m1", "A whale");

        assertThat(search(browser, typed).status()).isEqualTo(200);
        assertThat(search(browser, typed.repeat(200 / typed.length())).status()).isEqualTo(200);
        assertThat(found("whale")).containsExactly("a/m1");
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(search(browser, "x".repeat(201)).status()).isEqualTo(413);
    }

    @Tag("kills-servers")
    @Test
    void keepsNothingOfASearchThatFailed() throws IOException {
        try (RedisServer redis = RedisServer.startPrivate(dir.resolve("redis"));
                Service own = Service.start(redis)) {
            Browser person = Browser.guest(own);
            bringIn(person, "a", "whale");
            assertThat(found(person, "whale")).hasSize(1);

            redis.kill();
            assertThat(search(person, "whale").json().path("code").asString()).isEqualTo("unavailable");
            redis.restart();

            await().untilAsserted(() ->
                    assertThat(search(person, "whale").json().path("items")).hasSize(1));
        }
    }
}
