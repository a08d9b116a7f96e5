package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.RedisMonitor;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.testing.servers.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Conversations and saved prompts taken over from files. */
class ImportedFilesIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @Test
    void importsItsOwnExportForAnotherUser() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m1", "One");
            new Worker(service, browser, "c", "m1-reply").starts().says("Uno").completes();
            tab.ask("regenerate", "conversationId", "c", "messageId", "m1", "replyId", "other");
            new Worker(service, browser, "c", "other").starts().says("Eins").completes();
        }
        browser.patch("/api/conversations/c", "{\"pinned\":true,\"systemPrompt\":\"Count.\"}");
        byte[] archive = Archived.everything(browser);
        Browser other = Browser.guest(service);

        assertThat(Archived.report(Archived.take(other, archive)))
                .isEqualTo("1 new, 0 there, 3 messages, 0 refused, []");

        assertThat(Archived.conversations(Archived.everything(other))).isEqualTo(Archived.conversations(archive));
        assertThat(Archived.report(Archived.take(other, archive)))
                .isEqualTo("0 new, 1 there, 0 messages, 0 refused, []");
        assertThat(Archived.report(Archived.take(browser, archive)))
                .isEqualTo("0 new, 1 there, 0 messages, 0 refused, []");
        // It goes on there, and not here.
        try (Tab tab = other.open()) {
            assertThat(tab.say("c", "m2", "Two").path("type").asString()).isEqualTo("accepted");
        }
        assertThat(browser.get("/api/conversations/c").json().path("messages")).hasSize(3);
    }

    /** The export of five hundred conversations of another place, and back again by the whole way, twice. */
    @Test
    void bringsFiveHundredConversationsThere() {
        ArrayNode source = new ChatGptExport(20_261_130).conversations(500);
        byte[] file = source.toString().getBytes(StandardCharsets.UTF_8);

        JsonNode report = Archived.take(browser, file);
        assertThat(report.path("imported").asInt()).isEqualTo(500);
        assertThat(report.path("refused").asInt()).isZero();
        byte[] archive = Archived.everything(browser);
        List<JsonNode> exported = Archived.conversations(archive);
        Browser other = Browser.guest(service);
        assertThat(Archived.take(other, archive).path("imported").asInt()).isEqualTo(500);
        List<JsonNode> again = Archived.conversations(Archived.everything(other));

        assertThat(exported.stream().map(ImportedFilesIT::told).toList())
                .isEqualTo(newestFirst(source).stream()
                        .map(ImportedFilesIT::toldByChatGpt)
                        .toList());
        assertThat(again).isEqualTo(exported);
        assertThat(exported.stream()
                        .mapToInt(one -> one.path("messages").size())
                        .sum())
                .isEqualTo(report.path("messages").asInt());
        assertThat(exported).anyMatch(ImportedFilesIT::hasVersions);
        JsonNode repeated = Archived.take(browser, file);
        assertThat(repeated.path("imported").asInt()).isZero();
        assertThat(repeated.path("unchanged").asInt()).isEqualTo(500);
        assertThat(Archived.conversations(Archived.everything(browser))).isEqualTo(exported);
        assertThat(browser.get("/api/conversations?limit=200").json().path("items"))
                .hasSize(200);
    }

    private static List<JsonNode> newestFirst(ArrayNode conversations) {
        List<JsonNode> sorted = new ArrayList<>(conversations.values());
        sorted.sort(Comparator.comparingDouble(
                        (JsonNode one) -> one.path("update_time").asDouble())
                .reversed());
        return sorted;
    }

    private static boolean hasVersions(JsonNode conversation) {
        List<String> parents = conversation.path("messages").findValuesAsString("parentId");
        return parents.stream().distinct().count() < parents.size();
    }

    /** What both say: title, times, and of each message its role, text, time and what it follows. */
    private static List<String> told(JsonNode conversation) {
        JsonNode meta = conversation.path("conversation");
        List<String> told = new ArrayList<>(List.of(
                meta.path("title").asString(),
                meta.path("createdAt").asString(),
                meta.path("updatedAt").asString()));
        List<String> messages = new ArrayList<>();
        for (JsonNode message : conversation.path("messages")) {
            messages.add(String.join(
                    "|",
                    message.path("id").asString(),
                    message.path("parentId").asString(""),
                    message.path("role").asString(),
                    message.path("createdAt").asString(),
                    message.path("text").asString()));
        }
        messages.sort(Comparator.naturalOrder());
        told.addAll(messages);
        return told;
    }

    private static List<String> toldByChatGpt(JsonNode conversation) {
        List<String> told = new ArrayList<>(List.of(
                conversation.path("title").asString().replace('\t', ' ').replace('\n', ' '),
                time(conversation.path("create_time")),
                time(conversation.path("update_time"))));
        JsonNode mapping = conversation.path("mapping");
        List<String> messages = new ArrayList<>();
        for (JsonNode node : mapping) {
            if (isShown(node)) {
                JsonNode message = node.path("message");
                JsonNode above = mapping.path(node.path("parent").asString(""));
                while (!above.isMissingNode() && !isShown(above)) {
                    above = mapping.path(above.path("parent").asString(""));
                }
                messages.add(String.join(
                        "|",
                        node.path("id").asString(),
                        above.path("id").asString(""),
                        message.path("author").path("role").asString(),
                        time(message.path("create_time")),
                        message.path("content").path("parts").path(0).asString()));
            }
        }
        messages.sort(Comparator.naturalOrder());
        told.addAll(messages);
        return told;
    }

    private static boolean isShown(JsonNode node) {
        JsonNode message = node.path("message");
        String role = message.path("author").path("role").asString("");
        return (role.equals("user") || role.equals("assistant"))
                && message.path("recipient").asString().equals("all");
    }

    private static String time(JsonNode seconds) {
        return Instant.ofEpochMilli(Math.round(seconds.asDouble() * 1000)).toString();
    }

    @Test
    void tellsOpenPages() {
        try (Tab tab = browser.open();
                Tab before = browser.open()) {
            before.ask("subscribe", "conversationId", "c");
            Archived.take(browser, Archived.QUESTION.formatted("c", "There", "Hi"));

            JsonNode frame = tab.take("conversation");
            assertThat(frame.path("change").asString()).isEqualTo("updated");
            assertThat(frame.path("conversation").path("title").asString()).isEqualTo("There");
            // This one saw nothing of what is there now: the page comes back, and gets a snapshot.
            assertThat(before.closeCode()).isEqualTo(1012);
        }
    }

    @Test
    void bringsBackWhatWasDeletedUnderAnotherName() {
        String file = Archived.QUESTION.formatted("c", "Back", "Hi");
        Archived.take(browser, file);
        browser.delete("/api/conversations/c");

        assertThat(Archived.report(Archived.take(browser, file))).startsWith("1 new");
        assertThat(Archived.report(Archived.take(browser, file))).startsWith("0 new, 1 there");
        assertThat(browser.get("/api/conversations/c").status()).isEqualTo(404);
        JsonNode items = browser.get("/api/conversations").json().path("items");
        assertThat(items.findValuesAsString("title")).containsExactly("Back");
        browser.delete("/api/conversations/" + items.path(0).path("id").asString());
        assertThat(Archived.report(Archived.take(browser, file))).startsWith("1 new");
    }

    @Test
    void leavesOthersWithTheSameIdsAlone() {
        Browser other = Browser.guest(service);
        Archived.take(other, Archived.QUESTION.formatted("c", "Theirs", "Theirs"));

        assertThat(Archived.report(Archived.take(browser, Archived.QUESTION.formatted("c", "Mine", "Mine"))))
                .startsWith("1 new");

        assertThat(other.get("/api/conversations/c")
                        .json()
                        .path("conversation")
                        .path("title")
                        .asString())
                .isEqualTo("Theirs");
        assertThat(browser.get("/api/conversations/c")
                        .json()
                        .path("messages")
                        .path(0)
                        .path("text")
                        .asString())
                .isEqualTo("Mine");
    }

    @Test
    void tellsWhatItDidNotTake() {
        String long200 = "T".repeat(300);
        JsonNode report = Archived.take(
                browser,
                "[" + Archived.QUESTION.formatted("a", long200, "Hi") + ",{\"x\":1},"
                        + "{\"conversation\":{\"id\":\"b\",\"title\":\"Empty\"},\"messages\":[]},"
                        + "{\"mapping\":{\"n\":{\"message\":{\"author\":{\"role\":\"tool\"}}}}}]");

        assertThat(Archived.report(report))
                .isEqualTo("1 new, 0 there, 1 messages, 2 refused, ["
                        + note("T".repeat(80) + "…", Remark.TITLE_CUT) + ","
                        + note("", Remark.UNKNOWN_KIND) + ","
                        + note("Empty", Remark.EMPTY) + ","
                        + note("(no title)", Remark.TOOL_RESULT) + ","
                        + note("(no title)", Remark.EMPTY) + "]");
        assertThat(browser.get("/api/conversations/a")
                        .json()
                        .path("conversation")
                        .path("title")
                        .asString())
                .hasSize(200);
    }

    private static String note(String conversation, Remark what) {
        return "{\"conversation\":\"%s\",\"what\":\"%s\",\"code\":\"%s\",\"count\":1}"
                .formatted(conversation, what.text(), what.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "{}",
                "[]",
                "[1,2]",
                "{\"conversation\":7,\"messages\":[]}",
                "PK\u0003\u0004 nonsense"
            })
    void saysWhatItWouldTakeWhereThereIsNothing(String file) {
        Answer answer = Archived.send(browser, file.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("code").asString()).isEqualTo("bad_request");
        assertThat(answer.json().path("detail").asString()).contains("Parley", "ChatGPT", "Open WebUI");
    }

    @Test
    void keepsTimesThatCanBeAndNoOthers() {
        Archived.take(browser, """
                [{"conversation":{"id":"future","title":"F","updatedAt":"2150-01-01T00:00:00Z"},"messages":[
                  {"id":"q","parentId":null,"role":"user","text":"Q","createdAt":"1965-01-01T00:00:00Z"}]},
                 {"conversation":{"id":"none","title":"N"},"messages":[{"id":"q","role":"user","text":"Q"}]}]
                """);

        for (JsonNode item : browser.get("/api/conversations").json().path("items")) {
            assertThat(Instant.parse(item.path("updatedAt").asString())).isBeforeOrEqualTo(Instant.now());
            assertThat(Instant.parse(item.path("createdAt").asString())).isAfter(Instant.EPOCH);
        }
    }

    @Test
    void bringsSavedPromptsThereThatAreMissing() {
        Archived.save(browser, "p1", "One", "First words");
        Archived.save(browser, "p2", "Two", "Second words");
        byte[] archive = Archived.everything(browser);
        JsonNode all = browser.get("/api/prompts").json();
        Browser other = Browser.guest(service);

        JsonNode report = Archived.take(other, archive);
        assertThat(report.path("prompts").asInt()).isEqualTo(2);
        assertThat(Archived.report(report)).isEqualTo("0 new, 0 there, 0 messages, 0 refused, []");
        assertThat(other.get("/api/prompts").json()).isEqualTo(all);

        Archived.save(other, "p1", "One", "Changed since");
        other.delete("/api/prompts/p2");
        assertThat(Archived.take(other, archive).path("prompts").asInt()).isEqualTo(1);
        assertThat(other.get("/api/prompts").json().path("items").findValuesAsString("text"))
                .containsExactly("Changed since", "Second words");
        assertThat(Archived.take(other, archive).path("prompts").asInt()).isZero();
    }

    /** A few bytes of a file must not cost a look at all that is kept. */
    @Test
    void looksOnceForSavedPromptsThatAreThere() throws Exception {
        RedisServer own = Archived.privateStore();
        try (Service alone = Service.start(own);
                RedisMonitor monitor = new RedisMonitor(own)) {
            Browser guest = Browser.guest(alone);
            String prompts = "{\"format\":1,\"kept\":{\"prompts\":[{\"id\":\"a\",\"title\":\"T\",\"text\":\"x\"}]}}";

            List<String> commands = monitor.during(() -> assertThat(
                            Archived.take(guest, "[" + (prompts + ",").repeat(99) + prompts + "]")
                                    .path("prompts")
                                    .asInt())
                    .isEqualTo(1));

            assertThat(commands.stream()
                            .filter(command -> command.startsWith("\"HGETALL\"") && command.contains(":prompts")))
                    .hasSize(1);
        } finally {
            own.close();
        }
    }

    @Test
    void takesNoSavedPromptThatIsNone() {
        JsonNode report = Archived.take(browser, """
                {"format":1,"kept":{"prompts":[{"id":"no.id","title":"T","text":"x"},{"id":"a","title":"","text":"x"},
                 {"id":"b","title":"T","text":"%s"},{"id":"c","title":"T"},7,{"id":"d","title":"T","text":"x"}]}}
                """.formatted("x".repeat(16_001)));

        assertThat(report.path("prompts").asInt()).isEqualTo(1);
        assertThat(Archived.report(report))
                .isEqualTo("0 new, 0 there, 0 messages, 0 refused, [{\"conversation\":\"\",\"what\":\"a saved prompt"
                        + " that is too long, or none\",\"code\":\"bad_prompt\",\"count\":5}]");
        assertThat(browser.get("/api/prompts").json().path("items").findValuesAsString("id"))
                .containsExactly("d");
    }
}
