package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Session;
import chat.parley.e2e.client.Turn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The HTTP calls. */
@Tag("url")
@ExtendWith(LogsOnFailure.class)
class HistoryE2E {
    private ParleyClient client;
    private Session session;

    @BeforeEach
    void connect() {
        client = ParleyClient.connect(Target.url());
        session = client.session();
    }

    @AfterEach
    void nothingWasWrong() {
        client.check();
        client.close();
    }

    private Chat answered(String question) {
        Chat chat = client.newChat();
        chat.awaitCompleted(chat.say(question));
        return chat;
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.path("items").forEach(item -> ids.add(item.path("id").asString()));
        return ids;
    }

    private JsonNode get(String path) {
        Session.Answer answer = session.get(path);
        assertThat(answer.status()).as(path + " " + answer).isEqualTo(200);
        return answer.json();
    }

    private JsonNode patch(Chat chat, String body) {
        Session.Answer answer = session.call("PATCH", "/api/conversations/" + chat.id(), body);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void listsConversationsPageByPageTheNewestFirstAndPinnedOnesBefore() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            expected.addFirst(answered("Conversation " + i).id());
        }
        assertThat(ids(get("/api/conversations"))).containsExactlyElementsOf(expected);

        String pinned = expected.remove(3);
        patch(client.chat(pinned), "{\"pinned\":true}");
        expected.addFirst(pinned);
        List<String> paged = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = get("/api/conversations?limit=2" + (next.isEmpty() ? "" : "&cursor=" + next));
            assertThat(page.path("items").size()).isBetween(1, 2);
            paged.addAll(ids(page));
            next = page.path("next").asString("");
        } while (!next.isEmpty());

        assertThat(paged).containsExactlyElementsOf(expected);
    }

    @Test
    void tellsInTheListWhichReplyIsUnderWay() {
        Chat chat = client.newChat();
        Turn turn = chat.say("Tell me a long story [[rate=20 tokens=100]]");
        chat.awaitText(turn, 1);
        JsonNode item = get("/api/conversations").path("items").get(0);

        assertThat(item.path("activeReplyId").asString()).isEqualTo(turn.replyId());
        chat.cancel(turn.replyId()).join();
        chat.awaitEnd(turn);
        assertThat(get("/api/conversations")
                        .path("items")
                        .get(0)
                        .path("activeReplyId")
                        .isNull())
                .isTrue();
    }

    @Test
    void renamesAConversationAndTellsEveryTab() {
        Chat chat = answered("A name will come");
        try (ParleyClient tab = ParleyClient.connect(session)) {
            assertThat(patch(chat, "{\"title\":\"Grüße 🙂\"}").path("title").asString())
                    .isEqualTo("Grüße 🙂");
            tab.await(
                    "the new name",
                    () -> tab.notices().stream()
                            .anyMatch(
                                    notice -> notice.path("change").asString("").equals("updated")
                                            && notice.path("conversation")
                                                    .path("title")
                                                    .asString("")
                                                    .equals("Grüße 🙂")));
        }
        assertThat(get("/api/conversations/" + chat.id())
                        .path("conversation")
                        .path("title")
                        .asString())
                .isEqualTo("Grüße 🙂");
    }

    @Test
    void refusesAChangeThatMakesNoSense() {
        Chat chat = answered("Something");

        Session.Answer answer = session.call("PATCH", "/api/conversations/" + chat.id(), "{\"title\":5}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("code").asString()).isEqualTo("bad_request");
        assertThat(session.call("PATCH", "/api/conversations/" + chat.id(), "{").status())
                .isEqualTo(400);
    }

    @Test
    void readsMessagesPageByPageTheNewestFirst() {
        Chat chat = answered("One");
        chat.awaitCompleted(chat.say("Two"));
        List<String> expected =
                chat.messages().reversed().stream().map(Message::id).toList();
        String path = "/api/conversations/" + chat.id() + "/messages?limit=3";
        JsonNode first = get(path);
        JsonNode second = get(path + "&before=" + expected.get(2));

        assertThat(ids(first)).containsExactlyElementsOf(expected.subList(0, 3));
        assertThat(first.path("more").asBoolean()).isTrue();
        assertThat(ids(second)).containsExactly(expected.get(3));
        assertThat(second.path("more").asBoolean(true)).isFalse();
    }

    @Test
    void findsWordsInTheUsersOwnMessagesOnly() {
        Chat chat = answered("Where is the zanzibarium?");
        JsonNode found = get("/api/search?q=zanzibarium");

        assertThat(found.path("items")).isNotEmpty();
        JsonNode item = found.path("items").get(0);
        assertThat(item.path("conversationId").asString()).isEqualTo(chat.id());
        assertThat(item.path("messageId").asString()).isNotBlank();
        assertThat(item.path("excerpt").asString()).contains("zanzibarium");
        assertThat(Session.open(Target.url())
                        .get("/api/search?q=zanzibarium")
                        .json()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void exportsAConversation() {
        Chat chat = answered("What is worth keeping?");
        String answer = chat.messages().getLast().text();

        Session.Answer markdown = session.get("/api/conversations/" + chat.id() + "/export?format=markdown");
        assertThat(markdown.status()).isEqualTo(200);
        assertThat(markdown.body()).contains("What is worth keeping?").contains(answer);
        JsonNode json = get("/api/conversations/" + chat.id() + "/export?format=json");
        assertThat(json.path("messages")).hasSize(2);
        assertThat(session.get("/api/conversations/" + chat.id() + "/export?format=pdf")
                        .status())
                .isEqualTo(400);
    }

    /** Through all that stands before Conversation: its other calls take no body of this size. */
    @Test
    void bringsALongConversationToAnotherPerson() {
        Chat chat = answered("What is worth keeping?");
        ObjectNode file = (ObjectNode) get("/api/conversations/" + chat.id() + "/export?format=json");
        ((ObjectNode) file.path("messages").path(0)).put("text", "What " + "of all ".repeat(100_000) + "is worth it?");

        try (ParleyClient other = ParleyClient.connect(Target.url())) {
            Session.Answer report = other.session().call("POST", "/api/conversations/import", file.toString());
            assertThat(report.status()).as(report.toString()).isEqualTo(200);
            assertThat(report.json().path("imported").asInt()).isEqualTo(1);

            JsonNode theirs = other.session()
                    .get("/api/conversations/" + chat.id() + "/export?format=json")
                    .json();
            assertThat(theirs.path("messages")).isEqualTo(file.path("messages"));
            assertThat(other.session().get("/api/export").body()).startsWith("PK");
            other.check();
        }
    }

    @Test
    void namesTheModelsWithOneDefault() {
        JsonNode items = get("/api/models").path("items");

        assertThat(items).isNotEmpty();
        assertThat(items).filteredOn(item -> item.path("default").asBoolean()).hasSize(1);
    }

    @Test
    void deletesAConversationForGood() {
        Chat kept = answered("Keep me");
        Chat chat = client.newChat();
        Turn turn = chat.say("Tell me a long story [[rate=20 tokens=200]]");
        chat.awaitText(turn, 1);
        String path = "/api/conversations/" + chat.id();

        assertThat(session.call("DELETE", path, null).status()).isEqualTo(204);
        assertThat(session.call("DELETE", path, null).status()).isEqualTo(204);
        assertThat(session.get(path).status()).isEqualTo(404);
        assertThat(session.get(path).json().path("code").asString()).isEqualTo("not_found");
        assertThat(ids(get("/api/conversations"))).containsExactly(kept.id());
        client.await(
                "that it is gone",
                () -> client.notices().stream()
                        .anyMatch(notice -> notice.path("change").asString("").equals("deleted")
                                && notice.path("conversation")
                                        .path("id")
                                        .asString("")
                                        .equals(chat.id())));
        try (ParleyClient tab = ParleyClient.connect(session)) {
            Chat again = tab.chat(chat.id());
            again.awaitSubscribed();
            assertThat(again.messages()).isEmpty();
            assertThat(ProtocolE2E.code(
                            () -> again.say(null, "Once more").accepted().join()))
                    .isEqualTo("not_found");
        }
        Target.model()
                .ifPresent(model -> client.await(
                        "that the model is left alone",
                        () -> model.stats().path("open").asInt() == 0));
    }
}
