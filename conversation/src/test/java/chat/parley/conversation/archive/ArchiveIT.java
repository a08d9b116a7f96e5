package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.testing.servers.RedisServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Everything as one file, and files of other places taken over. */
class ArchiveIT {
    private static final String QUESTION = """
            {"conversation":{"id":"%s","title":"%s"},"messages":[{"id":"q","parentId":null,"role":"user","text":"%s"}]}
            """;

    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    private static String report(JsonNode report) {
        return report.path("imported") + " new, " + report.path("unchanged") + " there, " + report.path("messages")
                + " messages, " + report.path("refused") + " refused, " + report.path("notes");
    }

    @Test
    void exportsAllThatIsKeptOfAUser() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m", "Hello, *you*");
            new Worker(service, browser, "c", "m-reply").starts().says("Hi!").completes();
            tab.say("d", "m", "Still open");
            new Worker(service, browser, "d", "m-reply").starts().says("So f");
        }
        browser.patch("/api/conversations/c", "{\"title\":\"A/B: ../x\",\"pinned\":true}");
        Browser stranger = Browser.guest(service);
        Archived.take(stranger, QUESTION.formatted("secret", "Secret", "Mine"));

        Answer answer = browser.get("/api/export");
        Map<String, String> files = Archived.files(Archived.everything(browser));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/zip");
        assertThat(answer.header("Content-Disposition"))
                .matches("attachment; filename=\"parley-\\d{4}-\\d\\d-\\d\\d\\.zip\"");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(files)
                .containsOnlyKeys(
                        "parley.json",
                        "conversations/00001 A B .. x.json",
                        "conversations/00001 A B .. x.md",
                        "conversations/00002 Still open.json",
                        "conversations/00002 Still open.md");
        JsonNode manifest = Browser.JSON.readTree(files.get("parley.json"));
        assertThat(manifest.path("format").asInt()).isEqualTo(1);
        assertThat(manifest.path("conversations").asInt()).isEqualTo(2);
        assertThat(manifest.path("user").path("id").asString())
                .isEqualTo(browser.userId().value());
        assertThat(manifest.path("kept").path("today").path("tokens").asString())
                .isEqualTo("8");
        assertThat(manifest.path("kept").path("sending").path("tokens").asString())
                .isNotEmpty();
        JsonNode closed = Browser.JSON.readTree(files.get("conversations/00001 A B .. x.json"));
        assertThat(closed)
                .isEqualTo(
                        browser.get("/api/conversations/c/export?format=json").json());
        assertThat(files.get("conversations/00001 A B .. x.md"))
                .isEqualTo(browser.get("/api/conversations/c/export").body());
        JsonNode open = Browser.JSON.readTree(files.get("conversations/00002 Still open.json"));
        assertThat(open.path("replies").path(0).path("text").asString()).isEqualTo("So f");
    }

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

        assertThat(report(Archived.take(other, archive))).isEqualTo("1 new, 0 there, 3 messages, 0 refused, []");

        assertThat(Archived.conversations(Archived.everything(other))).isEqualTo(Archived.conversations(archive));
        assertThat(report(Archived.take(other, archive))).isEqualTo("0 new, 1 there, 0 messages, 0 refused, []");
        assertThat(report(Archived.take(browser, archive))).isEqualTo("0 new, 1 there, 0 messages, 0 refused, []");
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

        assertThat(exported.stream().map(ArchiveIT::told).toList())
                .isEqualTo(newestFirst(source).stream()
                        .map(ArchiveIT::toldByChatGpt)
                        .toList());
        assertThat(again).isEqualTo(exported);
        assertThat(exported.stream()
                        .mapToInt(one -> one.path("messages").size())
                        .sum())
                .isEqualTo(report.path("messages").asInt());
        assertThat(exported).anyMatch(ArchiveIT::hasVersions);
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
            Archived.take(browser, QUESTION.formatted("c", "There", "Hi"));

            JsonNode frame = tab.take("conversation");
            assertThat(frame.path("change").asString()).isEqualTo("updated");
            assertThat(frame.path("conversation").path("title").asString()).isEqualTo("There");
            // This one saw nothing of what is there now: the page comes back, and gets a snapshot.
            assertThat(before.closeCode()).isEqualTo(1012);
        }
    }

    @Test
    void bringsBackWhatWasDeletedUnderAnotherName() {
        String file = QUESTION.formatted("c", "Back", "Hi");
        Archived.take(browser, file);
        browser.delete("/api/conversations/c");

        assertThat(report(Archived.take(browser, file))).startsWith("1 new");
        assertThat(report(Archived.take(browser, file))).startsWith("0 new, 1 there");
        assertThat(browser.get("/api/conversations/c").status()).isEqualTo(404);
        JsonNode items = browser.get("/api/conversations").json().path("items");
        assertThat(items.findValuesAsString("title")).containsExactly("Back");
        browser.delete("/api/conversations/" + items.path(0).path("id").asString());
        assertThat(report(Archived.take(browser, file))).startsWith("1 new");
    }

    @Test
    void leavesOthersWithTheSameIdsAlone() {
        Browser other = Browser.guest(service);
        Archived.take(other, QUESTION.formatted("c", "Theirs", "Theirs"));

        assertThat(report(Archived.take(browser, QUESTION.formatted("c", "Mine", "Mine"))))
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
                "[" + QUESTION.formatted("a", long200, "Hi") + ",{\"x\":1},"
                        + "{\"conversation\":{\"id\":\"b\",\"title\":\"Empty\"},\"messages\":[]},"
                        + "{\"mapping\":{\"n\":{\"message\":{\"author\":{\"role\":\"tool\"}}}}}]");

        assertThat(report(report))
                .isEqualTo("1 new, 0 there, 1 messages, 2 refused, ["
                        + note("T".repeat(80) + "…", "its title was too long, and was cut") + ","
                        + note("", "something that is no conversation of a kind that is known here") + ","
                        + note("Empty", "not imported: there are no messages in it") + ","
                        + note("(no title)", "a result of a tool") + ","
                        + note("(no title)", "not imported: there are no messages in it") + "]");
        assertThat(browser.get("/api/conversations/a")
                        .json()
                        .path("conversation")
                        .path("title")
                        .asString())
                .hasSize(200);
    }

    private static String note(String conversation, String what) {
        return "{\"conversation\":\"" + conversation + "\",\"what\":\"" + what + "\",\"count\":1}";
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

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void takesNoFileThatAFormCouldSend(String contentType) {
        Answer answer = browser.call(browser.request(Archived.IMPORT)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(QUESTION.formatted("c", "T", "Q"))));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(browser.get("/api/conversations").json().path("items")).isEmpty();
    }

    @Test
    void takesNothingFromOtherSitesAndNothingWithoutASession() {
        byte[] file = QUESTION.formatted("c", "T", "Q").getBytes(StandardCharsets.UTF_8);

        assertThat(browser.call(Archived.request(browser, file).header("Origin", "https://evil.example"))
                        .status())
                .isEqualTo(403);
        assertThat(Browser.call(
                                service,
                                Browser.request(service, Archived.IMPORT)
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofByteArray(file)))
                        .status())
                .isEqualTo(401);
        assertThat(Browser.call(service, Browser.request(service, "/api/export").GET())
                        .status())
                .isEqualTo(401);
        assertThat(browser.get("/api/conversations").json().path("items")).isEmpty();
    }

    /** Other calls take no archives. */
    @Test
    void takesAnArchiveOnlyWhereOneIsImported() {
        Archived.take(browser, QUESTION.formatted("c", "T", "Q"));

        Answer answer = browser.call(browser.request("/api/conversations/c")
                .header("Content-Type", "application/zip")
                .method("PATCH", BodyPublishers.ofString("{\"title\":\"X\"}")));

        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void refusesWhatIsOverItsLimits() throws IOException {
        // What is old here would be deleted for other tests, too.
        RedisServer own = privateStore();
        try (Service small = Service.start(
                own,
                "parley.api.import-size=2000B",
                "parley.archive.conversation-size=400B",
                "parley.archive.conversation-messages=2",
                "parley.history.conversations-per-user=1",
                "parley.history.retention=30d")) {
            Browser guest = Browser.guest(small);
            String question = "{\"id\":\"%s\",\"role\":\"user\",\"text\":\"%s\"}";
            String file = "{\"conversation\":{\"id\":\"c\",\"title\":\"%s\"},\"messages\":[%s]}";
            byte[] tooLarge = " ".repeat(2001).getBytes(StandardCharsets.UTF_8);

            assertThat(Archived.send(guest, tooLarge).json().path("code").asString())
                    .isEqualTo("too_large");
            Answer unsaid = guest.call(guest.request(Archived.IMPORT)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge))));
            assertThat(unsaid.status()).isEqualTo(413);
            assertThat(report(Archived.take(guest, file.formatted("Long", question.formatted("q", "x".repeat(400))))))
                    .contains("1 refused", "it is too large");
            assertThat(report(Archived.take(
                            guest,
                            file.formatted(
                                    "Many",
                                    question.formatted("a", "") + "," + question.formatted("b", "") + ","
                                            + question.formatted("c", "")))))
                    .contains("1 refused", "it is too large");
            assertThat(report(Archived.take(
                            guest,
                            "{\"conversation\":{\"id\":\"c\",\"updatedAt\":\"2020-01-01T00:00:00Z\"},\"messages\":["
                                    + question.formatted("q", "Q") + "]}")))
                    .contains("1 refused", "older than what is kept here");
            assertThat(guest.get("/api/conversations").json().path("items")).isEmpty();
            Archived.take(guest, QUESTION.formatted("first", "First", "Q"));
            assertThat(report(Archived.take(guest, QUESTION.formatted("second", "Second", "Q"))))
                    .contains("0 new", "1 refused", "as many conversations as one person may have");
        }
    }

    private static RedisServer privateStore() throws IOException {
        Files.createDirectories(Path.of("target"));
        return RedisServer.startPrivate(Files.createTempDirectory(Path.of("target"), "redis-archive-"));
    }

    /** Else half of an archive would be taken for the whole. */
    @Test
    void breaksOffWhenTheStoreGoesAway() throws Exception {
        RedisServer own = privateStore();
        try (Service alone = Service.start(own)) {
            Browser guest = Browser.guest(alone);
            takeNoise(guest);
            try (InputStream archive = begunArchive(guest)) {
                assertThat(archive.read()).isEqualTo('P');
                own.close();

                assertThatIOException().isThrownBy(archive::readAllBytes);
            }
        }
    }

    /** Conversations that make more of an archive than is on its way at once. */
    private static void takeNoise(Browser guest) {
        Random random = new Random(7);
        byte[] noise = new byte[2_500_000];
        for (int i = 0; i < 8; i++) {
            random.nextBytes(noise);
            String text = Base64.getUrlEncoder().encodeToString(noise);
            Archived.take(guest, QUESTION.formatted("c" + i, "Noise", text));
        }
    }

    private static InputStream begunArchive(Browser guest) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(guest.request("/api/export").GET().build(), BodyHandlers.ofInputStream())
                .body();
    }

    private static void isToComeAgain(Answer answer) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.json().path("code").asString()).isEqualTo("rate_limited");
        assertThat(answer.json().path("detail").asString()).contains("of yours", "try again");
        assertThat(answer.header("Retry-After")).isEqualTo("5");
    }

    @Test
    void writesOneArchiveOfAUserAtATime() throws Exception {
        takeNoise(browser);
        try (InputStream archive = begunArchive(browser)) {
            assertThat(archive.read()).isEqualTo('P');

            isToComeAgain(browser.get("/api/export"));
            // Who asks before the browser saves a file is told the same.
            Answer head = browser.call(browser.request("/api/export").HEAD());
            assertThat(head.status()).isEqualTo(429);
            assertThat(head.header("Retry-After")).isEqualTo("5");
            Browser other = Browser.guest(service);
            assertThat(Archived.files(Archived.everything(other))).containsOnlyKeys("parley.json");
            archive.readAllBytes();
        }

        // This is not the archive itself, and takes no turn of its own.
        Answer head = browser.call(browser.request("/api/export").HEAD());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo("application/zip");
        assertThat(Archived.conversations(Archived.everything(browser))).hasSize(8);
    }

    @Test
    void readsOneFileOfAUserAtATime() throws IOException {
        byte[] question = QUESTION.formatted("c", "There", "Hi").getBytes(StandardCharsets.UTF_8);
        PipedInputStream body = new PipedInputStream();
        CompletableFuture<Answer> first;
        try (Tab tab = browser.open();
                PipedOutputStream file = new PipedOutputStream(body)) {
            first = CompletableFuture.supplyAsync(() -> browser.call(browser.request(Archived.IMPORT)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofInputStream(() -> body))));
            file.write(question);
            // The client sends nothing until it has a few thousand bytes.
            file.write(" ".repeat(100_000).getBytes(StandardCharsets.UTF_8));
            tab.take("conversation");

            isToComeAgain(Archived.send(browser, question));
            assertThat(Archived.send(Browser.guest(service), question).status()).isEqualTo(200);
        }

        assertThat(first.join().status()).isEqualTo(200);
        assertThat(report(Archived.take(browser, question))).startsWith("0 new, 1 there");
    }

    @Test
    void readsAFileOfTheLargestSize() {
        StringBuilder file = new StringBuilder("[");
        String text = "0123456789".repeat(300_000);
        int number = 0;
        for (; file.length() < 48_000_000; number++) {
            file.append(number == 0 ? "" : ",").append(QUESTION.formatted("c" + number, "T" + number, text));
        }

        JsonNode report = Archived.take(browser, file.append("]").toString());

        assertThat(report(report)).isEqualTo(number + " new, 0 there, " + number + " messages, 0 refused, []");
        assertThat(Archived.conversations(Archived.everything(browser)))
                .hasSize(number)
                .allMatch(one ->
                        one.path("messages").path(0).path("text").asString().equals(text));
    }
}
