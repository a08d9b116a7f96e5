package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Two users with the same ids, on the same shard and on different ones, never see each other. */
class IsolationIT {
    private final Service service = Service.get();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void usersOfTheSameIdsHaveEachTheirOwn(boolean sameShard) {
        Browser alice = Browser.guest(service);
        Browser bob = Browser.guest(service, alice, sameShard);
        try (Tab hers = alice.open();
                Tab his = bob.open()) {
            hers.ask("subscribe", "conversationId", "c");
            his.ask("subscribe", "conversationId", "c");
            hers.say("c", "m", "Of Alice");
            JsonNode accepted = his.say("c", "m", "Of Bob");
            assertThat(accepted.path("type").asString()).isEqualTo("accepted");
            assertThat(accepted.path("seq").asLong()).isEqualTo(2);

            new Worker(service, alice, "c", "m-reply")
                    .starts()
                    .says("For Alice")
                    .completes();
            hers.event("reply.completed");
            his.ask("cancel", "conversationId", "c", "replyId", "m-reply");
            his.event("reply.cancelled");

            assertThat(his.soFar().toString()).doesNotContain("Alice");
            assertThat(hers.soFar().toString()).doesNotContain("Bob");
            assertThat(bob.get("/api/conversations/c").body())
                    .contains("Of Bob")
                    .doesNotContain("Alice");
            assertThat(bob.delete("/api/conversations/c").status()).isEqualTo(204);
            his.take(frame -> frame.path("change").asString("").equals("deleted"));
            assertThat(alice.get("/api/conversations/c").status()).isEqualTo(200);
            assertThat(hers.soFar().toString()).doesNotContain("deleted");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anothersConversationIsOneThatDoesNotExist(boolean sameShard) {
        Browser alice = Browser.guest(service);
        Browser bob = Browser.guest(service, alice, sameShard);
        try (Tab hers = alice.open();
                Tab his = bob.open()) {
            hers.say("c", "m", "Of Alice");

            for (String path : List.of("", "/messages", "/export?format=json")) {
                assertThat(bob.get("/api/conversations/c" + path).body())
                        .isEqualTo(bob.get("/api/conversations/absent" + path)
                                .body()
                                .replace("/absent", "/c"));
            }
            assertThat(bob.patch("/api/conversations/c", "{\"title\":\"Mine\"}").status())
                    .isEqualTo(404);
            assertThat(bob.delete("/api/conversations/c").status()).isEqualTo(404);
            assertSame(
                    his.ask("cancel", "conversationId", "c", "replyId", "m-reply"),
                    his.ask("cancel", "conversationId", "absent", "replyId", "m-reply"));
            assertSame(
                    his.ask("regenerate", "conversationId", "c", "messageId", "m", "replyId", "r"),
                    his.ask("regenerate", "conversationId", "absent", "messageId", "m", "replyId", "r"));
            assertSame(
                    his.ask("subscribe", "conversationId", "c").path("snapshot"),
                    his.ask("subscribe", "conversationId", "absent").path("snapshot"));
            assertThat(bob.get("/api/search?q=Alice").json().path("items")).isEmpty();
            assertThat(bob.get("/api/conversations").json().path("items")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingCrossesInAnyFrameCallOrEvent(boolean sameShard) {
        Browser alice = Browser.guest(service);
        try (Person one = new Person(service, alice, "Aardvark");
                Person other = new Person(service, Browser.guest(service, alice, sameShard), "Bumblebee")) {
            for (Consumer<Person> step : Person.STORY) {
                step.accept(one);
                step.accept(other);
            }

            assertThat(one.heard()).contains("Aardvark").doesNotContain("Bumblebee");
            assertThat(other.heard()).contains("Bumblebee").doesNotContain("Aardvark");
            assertThat(one.types()).isEqualTo(other.types()).containsAll(Person.EVENTS);
        }
    }

    private static void assertSame(JsonNode one, JsonNode other) {
        assertThat(withoutRe(one)).isEqualTo(withoutRe(other));
    }

    private static String withoutRe(JsonNode frame) {
        return frame.toString().replaceAll("\"re\":\"[^\"]*\",", "");
    }
}
