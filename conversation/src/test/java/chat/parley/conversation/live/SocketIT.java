package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each frame of the protocol page, on a real socket. */
class SocketIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @Test
    void welcomesFirstOfAll() {
        try (Tab tab = Browser.connect(service.socket(), browser.cookie(), null)) {
            JsonNode welcome = tab.take(frame -> true);

            assertThat(welcome.path("type").asString()).isEqualTo("welcome");
            assertThat(welcome.path("protocol").asString()).isEqualTo("parley.v1");
            assertThat(tab.subprotocol()).isEqualTo("parley.v1");
            assertThat(welcome.path("user").toString())
                    .isEqualTo("{\"id\":\"" + browser.userId() + "\",\"name\":\"Guest\",\"guest\":true}");
            assertThat(welcome.path("limits").toString())
                    .isEqualTo("{\"messageChars\":16000,\"frameBytes\":65536,\"messagesPerMinute\":120}");
            assertThat(welcome.path("assistant").path("state").asString()).isIn("up", "degraded", "down");
            assertThat(Instant.parse(welcome.path("serverTime").asString()))
                    .isBetween(
                            Instant.now().minus(Duration.ofSeconds(20)),
                            Instant.now().plus(Duration.ofSeconds(20)));
        }
    }

    @Test
    void answersAPingWithAPong() {
        try (Tab tab = browser.open()) {
            assertThat(tab.ask("ping").path("type").asString()).isEqualTo("pong");
        }
    }

    @Test
    void showsAWholeReplyToWhoSubscribedBeforeTheConversationWasThere() {
        try (Tab tab = browser.open()) {
            JsonNode subscribed = tab.ask("subscribe", "conversationId", "c");
            assertThat(subscribed.path("type").asString()).isEqualTo("subscribed");
            assertThat(subscribed.path("conversationId").asString()).isEqualTo("c");
            assertThat(subscribed.path("seq").asLong()).isZero();
            assertThat(subscribed.path("recovered").asBoolean()).isFalse();
            assertThat(subscribed.path("snapshot").path("conversation").isNull())
                    .isTrue();
            assertThat(subscribed.path("snapshot").path("messages").isArray()).isTrue();
            assertThat(subscribed.path("snapshot").path("messages")).isEmpty();
            assertThat(subscribed.path("snapshot").path("replies")).isEmpty();

            JsonNode accepted = tab.say("c", "m", "Hello");
            assertThat(accepted.path("type").asString()).isEqualTo("accepted");
            assertThat(accepted.path("conversationId").asString()).isEqualTo("c");
            assertThat(accepted.path("messageId").asString()).isEqualTo("m");
            assertThat(accepted.path("replyId").asString()).isEqualTo("m-reply");
            assertThat(accepted.path("seq").asLong()).isEqualTo(2);
            Worker worker = new Worker(service, browser, "c", "m-reply").starts();
            worker.says("Hi ", "there").completes();

            JsonNode created = tab.event("message.created");
            assertThat(created.path("seq").asLong()).isEqualTo(1);
            assertThat(created.path("conversationId").asString()).isEqualTo("c");
            assertThat(created.path("event").path("message").path("text").asString())
                    .isEqualTo("Hello");
            JsonNode queued = tab.event("reply.queued");
            assertThat(queued.path("event").toString())
                    .isEqualTo("{\"type\":\"reply.queued\",\"replyId\":\"m-reply\",\"messageId\":\"m-reply\","
                            + "\"parentId\":\"m\"}");
            JsonNode started = tab.event("reply.started");
            assertThat(started.path("event").path("attempt").asInt()).isEqualTo(1);
            JsonNode completed = tab.event("reply.completed");
            assertThat(completed.path("event").path("message").path("text").asString())
                    .isEqualTo("Hi there");
            assertThat(completed.path("seq").asLong()).isEqualTo(6);
            assertThat(completed.path("cursor").asString()).startsWith("6.");
        }
    }

    @Test
    void keepsDeltasInOrderWithoutAGap() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Count");
            Worker worker = new Worker(service, browser, "c", "m-reply").starts();
            for (int i = 0; i < 200; i++) {
                worker.says(i + " ");
            }
            worker.completes();

            Story story = new Story(0);
            while (!story.hasEnded("m-reply")) {
                story.apply(tab.take("event"));
            }
            assertThat(story.textOf("m-reply")).isEqualTo(worker.text());
            assertThat(story.seq()).isEqualTo(204);
        }
    }

    @Test
    void namesTheReplyOfAMessageThatDidNot() {
        try (Tab tab = browser.open()) {
            Object[] send = {"conversationId", "c", "messageId", "m", "parentId", null, "text", "Hello"};

            String first = tab.ask("send", send).path("replyId").asString();
            String again = tab.ask("send", send).path("replyId").asString();

            assertThat(first).isNotEmpty().isEqualTo(again);
        }
    }

    @Test
    void answersARepeatAsTheFirstTimeAndTellsNobodyTwice() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            JsonNode first = tab.say("c", "m", "Hello");
            JsonNode again = tab.say("c", "m", "Hello");

            assertThat(again.path("seq")).isEqualTo(first.path("seq"));
            assertThat(again.path("replyId")).isEqualTo(first.path("replyId"));
            tab.event("message.created");
            tab.event("reply.queued");
            tab.say("c", "fence", "Hello");
            assertThat(tab.take("event")
                            .path("event")
                            .path("message")
                            .path("id")
                            .asString())
                    .isEqualTo("fence");
        }
    }

    @Test
    void stopsAReplyWithTheTextSoFar() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            new Worker(service, browser, "c", "m-reply").starts().says("So f");

            JsonNode ok = tab.ask("cancel", "conversationId", "c", "replyId", "m-reply");

            assertThat(ok.path("type").asString()).isEqualTo("ok");
            JsonNode message = tab.event("reply.cancelled").path("event").path("message");
            assertThat(message.path("text").asString()).isEqualTo("So f");
            assertThat(message.path("status").asString()).isEqualTo("cancelled");
            assertThat(tab.ask("cancel", "conversationId", "c", "replyId", "m-reply")
                            .path("type")
                            .asString())
                    .isEqualTo("ok");
        }
    }

    @Test
    void answersAgain() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            tab.ask("cancel", "conversationId", "c", "replyId", "m-reply");

            JsonNode accepted = tab.ask("regenerate", "conversationId", "c", "messageId", "m", "replyId", "another");

            assertThat(accepted.path("type").asString()).isEqualTo("accepted");
            assertThat(accepted.path("messageId").asString()).isEqualTo("m");
            JsonNode queued = tab.take(
                    frame -> frame.path("event").path("replyId").asString("").equals("another"));
            assertThat(queued.path("seq")).isEqualTo(accepted.path("seq"));
            assertThat(queued.path("event").path("parentId").asString()).isEqualTo("m");
        }
    }

    @Test
    void showsNothingAfterUnsubscribing() {
        try (Tab tab = browser.open();
                Tab other = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            other.ask("subscribe", "conversationId", "c");
            assertThat(tab.ask("unsubscribe", "conversationId", "c")
                            .path("type")
                            .asString())
                    .isEqualTo("ok");

            other.say("c", "m", "Hello");

            other.event("reply.queued");
            tab.take(frame -> frame.path("type").asString().equals("conversation"));
            assertThat(tab.soFar().stream().map(frame -> frame.path("type").asString()))
                    .doesNotContain("event");
        }
    }

    @Test
    void replacesASubscriptionByASecondOne() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m1", "One");
            String second = tab.send("subscribe", "conversationId", "c");
            JsonNode subscribed =
                    tab.take(frame -> frame.path("re").asString("").equals(second));
            tab.soFar();

            tab.say("c", "m2", "Two");

            Story story = new Story(subscribed.path("seq").asLong());
            while (story.seq() < 4) {
                story.apply(tab.take("event"));
            }
            assertThat(subscribed
                            .path("snapshot")
                            .path("replies")
                            .path(0)
                            .path("replyId")
                            .asString())
                    .isEqualTo("m1-reply");
            assertThat(tab.soFar().stream().map(frame -> frame.path("type").asString()))
                    .doesNotContain("event");
        }
    }

    @Test
    void givesAWholeSnapshotWhileAReplyIsWritten() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m", "Hello");
            new Worker(service, browser, "c", "m-reply").starts().says("So ", "far");
            tab.say("c", "m2", "And then?");

            JsonNode snapshot = tab.ask("subscribe", "conversationId", "c").path("snapshot");

            assertThat(snapshot.path("conversation").path("title").asString()).isEqualTo("Hello");
            assertThat(snapshot.path("conversation").path("activeReplyId").asString())
                    .isEqualTo("m-reply");
            assertThat(snapshot.path("messages").findValuesAsString("id")).containsExactly("m", "m2");
            assertThat(snapshot.path("replies").path(0).toString())
                    .isEqualTo("{\"replyId\":\"m-reply\",\"messageId\":\"m-reply\",\"parentId\":\"m\",\"attempt\":1,"
                            + "\"state\":\"streaming\",\"text\":\"So far\",\"model\":\"model-1\"}");
            assertThat(snapshot.path("replies").path(1).path("state").asString())
                    .isEqualTo("queued");
            assertThat(snapshot.path("seq").asLong()).isEqualTo(7);
        }
    }

    @Test
    void limitsASnapshotToTheNewestMessages() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m1", "One");
            tab.say("c", "m2", "Two");
            tab.say("c", "m3", "Three");

            JsonNode two =
                    tab.ask("subscribe", "conversationId", "c", "limit", 2).path("snapshot");
            JsonNode all =
                    tab.ask("subscribe", "conversationId", "c", "limit", 3).path("snapshot");

            assertThat(two.path("messages").findValuesAsString("id")).containsExactly("m2", "m3");
            assertThat(two.path("more").asBoolean()).isTrue();
            assertThat(all.path("messages")).hasSize(3);
            assertThat(all.path("more").asBoolean()).isFalse();
        }
    }

    @Test
    void tellsEverySocketOfTheOwnerWhatChangesInTheList() {
        try (Tab tab = browser.open();
                Tab other = browser.open()) {
            tab.say("c", "m", "Hello there");
            for (Tab one : List.of(tab, other)) {
                JsonNode updated = one.take("conversation");
                assertThat(updated.path("change").asString()).isEqualTo("updated");
                assertThat(updated.path("conversation").path("id").asString()).isEqualTo("c");
                assertThat(updated.path("conversation").path("title").asString())
                        .isEqualTo("Hello there");
            }
            browser.delete("/api/conversations/c");

            for (Tab one : List.of(tab, other)) {
                JsonNode deleted =
                        one.take(frame -> frame.path("change").asString("").equals("deleted"));
                assertThat(deleted.path("conversation").path("id").asString()).isEqualTo("c");
            }
        }
    }

    @Test
    void endsSilentlyWhereAConversationWasDeleted() {
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            tab.event("reply.queued");
            browser.delete("/api/conversations/c");
            tab.take(frame -> frame.path("change").asString("").equals("deleted"));

            JsonNode refused = tab.say("c", "m2", "Still there?");
            JsonNode again = tab.ask("subscribe", "conversationId", "c");

            assertThat(refused.path("code").asString()).isEqualTo("not_found");
            assertThat(again.path("seq").asLong()).isZero();
            assertThat(again.path("snapshot").path("conversation").isNull()).isTrue();
            assertThat(tab.isOpen()).isTrue();
        }
    }
}
