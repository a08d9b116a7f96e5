package chat.parley.conversation.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Conversations that are shared by links: what a reader sees, and who can take it back. */
class ShareIT {
    private static final String SHARE = "/api/conversations/c/share";

    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @Test
    void showsAConversationToWhoeverHasTheLink() {
        ask("m", "Name a whale");
        answer("m-reply", "A narwhal.");
        browser.patch("/api/conversations/c", "{\"title\":\"Whales\",\"systemPrompt\":\"Be secretive.\"}");

        Answer made = browser.put(SHARE);

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.json().path("title").asString()).isEqualTo("Whales");
        assertThat(made.json().path("newer").asBoolean(true)).isFalse();
        assertThat(made.json().path("token").asString())
                .matches("[0-9]{2}[0-9a-f]{32}")
                .startsWith(Topology.partitionKey(Topology.shardOf(browser.userId())));
        JsonNode shown = stranger(token(made)).json();
        assertThat(shown.path("title").asString()).isEqualTo("Whales");
        assertThat(shown.path("sharedAt")).isEqualTo(made.json().path("sharedAt"));
        assertThat(shown.path("more").asBoolean(true)).isFalse();
        assertThat(texts(shown)).containsExactly("A narwhal.", "Name a whale");
        // Everything that a reader is told; nothing of whose it is, what it has cost, or what the model was told.
        assertThat(shown.propertyNames()).containsExactlyInAnyOrder("title", "sharedAt", "items", "more");
        JsonNode answer = shown.path("items").path(0);
        assertThat(answer.propertyNames())
                .containsExactlyInAnyOrder("id", "parentId", "role", "text", "status", "createdAt", "model");
        assertThat(answer.path("model").asString()).isEqualTo("model-1");
        JsonNode question = shown.path("items").path(1);
        assertThat(question.propertyNames())
                .containsExactlyInAnyOrder("id", "parentId", "role", "text", "status", "createdAt");
        assertThat(question.path("parentId").isNull()).isTrue();
        assertThat(shown.toString()).doesNotContain(browser.userId().value(), "secretive", "Guest");
    }

    @Test
    void asksNobodyWhoHeIsAndGivesNoCookie() {
        ask("m", "Hello");
        String token = token(browser.put(SHARE));

        Answer answer = stranger(token);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Robots-Tag")).isEqualTo("noindex");
        // Nor does anything become of a session that is no longer good, or old enough to be renewed.
        Answer forged = Browser.call(
                service, Browser.request(service, "/api/shared/" + token).header("Cookie", "parley-session=1.a.b"));
        assertThat(forged.status()).isEqualTo(200);
        assertThat(forged.header("Set-Cookie")).isEmpty();
        try (Service renewing = Service.start("parley.session.renew-after=0s")) {
            Answer own = browser.at(renewing).get("/api/shared/" + token);
            assertThat(own.status()).isEqualTo(200);
            assertThat(own.header("Set-Cookie")).isEmpty();
        }
        Answer head = Browser.call(
                service, Browser.request(service, "/api/shared/" + token).method("HEAD", BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
    }

    @Test
    void isReadAlsoWhereGuestsAreLeftOut() {
        ask("m", "Hello");
        String token = token(browser.put(SHARE));
        try (Service closed = Service.start(
                "parley.session.guests=false",
                "parley.session.provider.issuer=http://localhost:9",
                "parley.session.provider.client-id=parley",
                "parley.session.provider.client-secret=secret")) {
            assertThat(texts(read(closed, "/api/shared/" + token).json())).containsExactly("Hello");
        }
    }

    @Test
    void showsWhatComesLaterOnlyWhenTheOwnerSaysSo() {
        ask("m", "One");
        answer("m-reply", "Uno");
        Answer made = browser.put(SHARE);
        ask("m2", "Two", "m-reply");
        answer("m2-reply", "Dos");
        browser.patch("/api/conversations/c", "{\"title\":\"Later\"}");

        JsonNode before = stranger(token(made)).json();
        assertThat(texts(before)).containsExactly("Uno", "One");
        assertThat(before.path("title").asString()).isEqualTo("One");
        assertThat(stranger(token(made) + "?before=m2").status()).isEqualTo(404);
        assertThat(browser.get(SHARE).json().path("newer").asBoolean()).isTrue();

        Answer renewed = browser.put(SHARE);

        assertThat(token(renewed)).isEqualTo(token(made));
        JsonNode after = stranger(token(made)).json();
        assertThat(texts(after)).containsExactly("Dos", "Two", "Uno", "One");
        assertThat(after.path("title").asString()).isEqualTo("Later");
        assertThat(browser.get(SHARE).json()).isEqualTo(renewed.json());
        assertThat(renewed.json().path("newer").asBoolean(true)).isFalse();
    }

    @Test
    void tellsTheOwnerOfAnotherTitle() {
        ask("m", "One");
        browser.put(SHARE);
        assertThat(browser.get(SHARE).json().path("newer").asBoolean(true)).isFalse();

        browser.patch("/api/conversations/c", "{\"title\":\"Another\"}");

        assertThat(browser.get(SHARE).json().path("newer").asBoolean()).isTrue();
    }

    @Test
    void showsNoReplyBeforeItHasEnded() {
        ask("m", "One");
        Worker worker = new Worker(service, browser, "c", "m-reply").starts().says("Not yet");
        String token = token(browser.put(SHARE));
        assertThat(texts(stranger(token).json())).containsExactly("One");

        worker.completes();

        // It ended after the link was made.
        assertThat(texts(stranger(token).json())).containsExactly("One");
        browser.put(SHARE);
        assertThat(texts(stranger(token).json())).containsExactly("Not yet", "One");
    }

    @Test
    void showsAllBranchesAndWhatWasStopped() {
        ask("m", "One");
        answer("m-reply", "Uno");
        try (Tab tab = browser.open()) {
            tab.ask("regenerate", "conversationId", "c", "messageId", "m", "replyId", "other");
            new Worker(service, browser, "c", "other").starts().says("Ein");
            tab.ask("cancel", "conversationId", "c", "replyId", "other");
            tab.say("c", "edited", "Eleven");
        }

        JsonNode shown = stranger(token(browser.put(SHARE))).json();

        assertThat(texts(shown)).containsExactly("Eleven", "Ein", "Uno", "One");
        assertThat(shown.path("items").findValuesAsString("status"))
                .containsExactly("complete", "cancelled", "complete", "complete");
        assertThat(shown.path("items").path(1).path("parentId").asString()).isEqualTo("m");
        assertThat(shown.path("items").path(2).path("parentId").asString()).isEqualTo("m");
    }

    @Test
    void givesPagesFromTheNewestOn() {
        for (int i = 1; i <= 5; i++) {
            ask("m" + i, "Say " + i);
        }
        String token = token(browser.put(SHARE));
        ask("m6", "Say 6");
        List<String> seen = new ArrayList<>();
        String before = "";
        JsonNode page;
        do {
            page = stranger(token + "?limit=2&before=" + before).json();
            seen.addAll(page.path("items").findValuesAsString("id"));
            before = seen.getLast();
        } while (page.path("more").asBoolean());

        assertThat(seen).containsExactly("m5", "m4", "m3", "m2", "m1");
        assertThat(stranger(token + "?before=" + before).json().path("items")).isEmpty();
        assertThat(stranger(token + "?limit=0").status()).isEqualTo(400);
        assertThat(stranger(token + "?before=none").status()).isEqualTo(404);
        assertThat(stranger(token + "?before=no%20id").status()).isEqualTo(404);
    }

    @Test
    void isGoodNoMoreOnceItWasTakenBack() {
        ask("m", "Hello");
        String token = token(browser.put(SHARE));

        assertThat(browser.delete(SHARE).status()).isEqualTo(204);

        assertGone(token);
        assertThat(browser.get(SHARE).status()).isEqualTo(404);
        assertThat(browser.get("/api/shares").json().path("items")).isEmpty();
        assertThat(browser.delete(SHARE).status()).isEqualTo(204);
        // Whoever shares it again gives another link: the first one stays what it is.
        String next = token(browser.put(SHARE));
        assertThat(next).isNotEqualTo(token);
        assertGone(token);
        assertThat(stranger(next).status()).isEqualTo(200);
    }

    @Test
    void isGoneWithItsConversation() {
        ask("m", "Hello");
        String token = token(browser.put(SHARE));

        browser.delete("/api/conversations/c");

        assertGone(token);
        assertThat(browser.get("/api/shares").json().path("items")).isEmpty();
        assertThat(browser.put(SHARE).status()).isEqualTo(404);
        inRedis(redis -> assertThat(redis.hget(linksOf(browser), token)).isNull());
    }

    /** What was never a link, or is none, is answered as what was taken back. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00",
                "0000000000000000000000000000000000",
                "16aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "00AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "00aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "%00",
                "{s00}:links",
                "..%5c"
            })
    void tellsNothingOfWhatWasNeverALink(String token) {
        Answer never = stranger(token.replace("{", "%7b").replace("}", "%7d"));

        if (!token.contains("%")) {
            ask("m", "Hello");
            String taken = token(browser.put(SHARE));
            browser.delete(SHARE);
            assertThat(never.body().replace(token.replace("{", "%7b").replace("}", "%7d"), "?"))
                    .isEqualTo(stranger(taken).body().replace(taken, "?"));
        }
        assertThat(never.status()).isBetween(400, 404);
        assertThat(never.json().path("code").asString()).isIn("not_found", "bad_request");
    }

    /** A store that is half of one copy and half of another shows nothing that its owner knows nothing of. */
    @Test
    void isGoodOnlyIfItsConversationSaysSo() {
        ask("m", "Hello");
        String old = token(browser.put(SHARE));
        browser.delete(SHARE);
        inRedis(redis -> redis.hset(linksOf(browser), old, browser.userId() + "/c"));

        assertGone(old);
        String token = token(browser.put(SHARE));
        assertGone(old);
        assertThat(stranger(token).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isOfItsOwnerAlsoWhereAnotherUserHasTheSameIds(boolean sameShard) {
        Browser other = Browser.guest(service, browser, sameShard);
        ask("m", "Of one");
        say(other, "m", "Of the other", null);
        String token = token(browser.put(SHARE));
        assertThat(other.get(SHARE).status()).isEqualTo(404);

        String others = token(other.put(SHARE));
        assertThat(texts(stranger(token).json())).containsExactly("Of one");
        assertThat(texts(stranger(others).json())).containsExactly("Of the other");
        other.delete(SHARE);

        assertGone(others);
        assertThat(texts(stranger(token).json())).containsExactly("Of one");
        assertThat(other.get("/api/shares").json().path("items")).isEmpty();
        assertThat(browser.get("/api/shares").json().path("items")).hasSize(1);
    }

    @Test
    void listsAllOfAUsersTheNewestFirst() {
        for (String id : List.of("a", "b", "c")) {
            try (Tab tab = browser.open()) {
                tab.say(id, "m", "Say " + id);
            }
        }
        String a = token(browser.put("/api/conversations/a/share"));
        String b = token(browser.put("/api/conversations/b/share"));
        awaitAnotherMillisecond();
        browser.put("/api/conversations/a/share");

        JsonNode items = browser.get("/api/shares").json().path("items");

        assertThat(items.findValuesAsString("conversationId")).containsExactly("a", "b");
        assertThat(items.findValuesAsString("token")).containsExactly(a, b);
        assertThat(items.findValuesAsString("title")).containsExactly("Say a", "Say b");
        assertThat(items.path(0).path("sharedAt").asString()).endsWith("Z");
    }

    private static void awaitAnotherMillisecond() {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() == now) {
            Thread.onSpinWait();
        }
    }

    @Test
    void isOneLinkAlsoForTwoTabs() throws Exception {
        ask("m", "Hello");
        List<String> tokens = new CopyOnWriteArrayList<>();
        List<Thread> tabs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tabs.add(Thread.ofVirtual().start(() -> tokens.add(token(browser.put(SHARE)))));
        }
        for (Thread tab : tabs) {
            tab.join();
        }

        assertThat(tokens).hasSize(8).containsOnly(tokens.getFirst());
        // What one tab has taken back, the other sees.
        browser.delete(SHARE);
        assertThat(browser.get(SHARE).status()).isEqualTo(404);
        inRedis(redis -> assertThat(redis.hvals(linksOf(browser))).doesNotContain(browser.userId() + "/c"));
    }

    @Test
    void hasAsManyAsOnePersonMayHave() {
        try (Service strict = Service.start("parley.history.links-per-user=1")) {
            Browser one = Browser.guest(strict);
            for (String id : List.of("a", "b")) {
                try (Tab tab = one.open()) {
                    tab.say(id, "m", "Say " + id);
                }
            }
            assertThat(one.put("/api/conversations/a/share").status()).isEqualTo(200);
            assertThat(one.put("/api/conversations/a/share").status()).isEqualTo(200);

            Answer refused = one.put("/api/conversations/b/share");

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().path("cause").asString()).isEqualTo("too_many_links");
            assertThat(refused.json().path("detail").asString()).contains("as many links");
            one.delete("/api/conversations/a/share");
            assertThat(one.put("/api/conversations/b/share").status()).isEqualTo(200);
        }
    }

    @Test
    void canBeSwitchedOff() {
        ask("m", "Hello");
        String token = token(browser.put(SHARE));
        try (Service off = Service.start("parley.history.share-links=false")) {
            Answer begun =
                    Browser.call(off, Browser.request(off, "/api/session").POST(BodyPublishers.noBody()));
            assertThat(begun.json().path("share").asBoolean(true)).isFalse();
            Browser there = browser.at(off);
            for (Answer answer : List.of(read(off, "/api/shared/" + token), there.put(SHARE))) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.json().path("code").asString()).isEqualTo("not_found");
                assertThat(answer.json().path("cause").asString()).isEqualTo("sharing_off");
                assertThat(answer.json().path("detail").asString()).contains("shares no conversations");
            }
            assertThat(stranger(token).status()).isEqualTo(200);
            // Before they are allowed again, their owner can take back what came with an older copy of the store.
            assertThat(there.get("/api/shares").json().path("items").findValuesAsString("token"))
                    .containsExactly(token);
            assertThat(there.get(SHARE).status()).isEqualTo(200);
            assertThat(there.delete(SHARE).status()).isEqualTo(204);
        }
        assertThat(stranger(token).status()).isEqualTo(404);
    }

    /** It is looked at as a change: no other site's page shares anything. */
    @Test
    void isNotDoneForOtherSites() {
        ask("m", "Hello");
        Answer foreign = browser.call(
                browser.request(SHARE).header("Origin", "https://evil.example").PUT(BodyPublishers.noBody()));
        Answer form = browser.call(
                browser.request(SHARE).header("Content-Type", "text/plain").PUT(BodyPublishers.ofString("{}")));

        assertThat(foreign.status()).isEqualTo(403);
        assertThat(form.status()).isEqualTo(415);
        assertThat(browser.get(SHARE).status()).isEqualTo(404);
        assertThat(browser.call(browser.request(SHARE)
                                .header("Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString("{}")))
                        .status())
                .isEqualTo(200);
    }

    private void ask(String id, String words) {
        ask(id, words, null);
    }

    private void ask(String id, String words, String parent) {
        say(browser, id, words, parent);
    }

    private static void say(Browser person, String id, String words, String parent) {
        try (Tab tab = person.open()) {
            JsonNode accepted = tab.ask(
                    "send",
                    "conversationId",
                    "c",
                    "messageId",
                    id,
                    "parentId",
                    parent,
                    "text",
                    words,
                    "replyId",
                    id + "-reply");
            assertThat(accepted.path("type").asString()).isEqualTo("accepted");
        }
    }

    private void answer(String replyId, String words) {
        new Worker(service, browser, "c", replyId).starts().says(words).completes();
    }

    private static String token(Answer shared) {
        assertThat(shared.status()).isEqualTo(200);
        return shared.json().path("token").asString();
    }

    /** What somebody reads who has nothing but the link. */
    private Answer stranger(String tokenAndQuery) {
        return read(service, "/api/shared/" + tokenAndQuery);
    }

    private static Answer read(Service service, String path) {
        return Browser.call(service, Browser.request(service, path).GET());
    }

    private void assertGone(String token) {
        Answer answer = stranger(token);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().path("code").asString()).isEqualTo("not_found");
        assertThat(answer.header("X-Robots-Tag")).isEqualTo("noindex");
    }

    private static List<String> texts(JsonNode page) {
        return page.path("items").findValuesAsString("text");
    }

    private static String linksOf(Browser owner) {
        return "{s%02d}:links".formatted(Topology.shardOf(owner.userId()));
    }

    private static void inRedis(Consumer<RedisCommands<String, String>> does) {
        RedisServer server = RedisServer.get();
        try (RedisClient client = RedisClient.create(RedisURI.create(server.host(), server.port()))) {
            does.accept(client.connect().sync());
        }
    }
}
