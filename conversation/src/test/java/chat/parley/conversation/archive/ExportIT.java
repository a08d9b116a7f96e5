package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.testing.servers.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** All that is kept of a user as one file. */
class ExportIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @Test
    void exportsAllThatIsKeptOfAUser() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m", "Hello, *you*");
            new Worker(service, browser, "c", "m-reply").starts().says("Hi!").completes();
            tab.say("d", "m", "Still open");
            new Worker(service, browser, "d", "m-reply").starts().says("So f");
        }
        Archived.save(browser, "p", "Brief", "Be brief: ");
        browser.patch("/api/conversations/c", "{\"title\":\"A/B: ../x\",\"pinned\":true}");
        Browser stranger = Browser.guest(service);
        Archived.take(stranger, Archived.QUESTION.formatted("secret", "Secret", "Mine"));
        stranger.put("/api/conversations/secret/share");
        String link =
                browser.put("/api/conversations/c/share").json().path("token").asString();

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
        assertThat(manifest.path("kept").path("prompts"))
                .hasToString("[{\"id\":\"p\",\"title\":\"Brief\",\"text\":\"Be brief: \"}]");
        assertThat(manifest.path("kept").path("sending").path("tokens").asString())
                .isNotEmpty();
        JsonNode shared = manifest.path("kept").path("shared");
        assertThat(shared.findValuesAsString("conversationId")).containsExactly("c");
        assertThat(shared.path(0).path("sharedAt").asString()).endsWith("Z");
        assertThat(files.values()).noneMatch(file -> file.contains(link));
        JsonNode closed = Browser.JSON.readTree(files.get("conversations/00001 A B .. x.json"));
        assertThat(closed)
                .isEqualTo(
                        browser.get("/api/conversations/c/export?format=json").json());
        assertThat(files.get("conversations/00001 A B .. x.md"))
                .isEqualTo(browser.get("/api/conversations/c/export").body());
        JsonNode open = Browser.JSON.readTree(files.get("conversations/00002 Still open.json"));
        assertThat(open.path("replies").path(0).path("text").asString()).isEqualTo("So f");
    }

    /** Else half of an archive would be taken for the whole. */
    @Test
    void breaksOffWhenTheStoreGoesAway() throws Exception {
        RedisServer own = Archived.privateStore();
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
            Archived.take(guest, Archived.QUESTION.formatted("c" + i, "Noise", text));
        }
    }

    private static InputStream begunArchive(Browser guest) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(guest.request("/api/export").GET().build(), BodyHandlers.ofInputStream())
                .body();
    }

    @Test
    void writesOneArchiveOfAUserAtATime() throws Exception {
        takeNoise(browser);
        try (InputStream archive = begunArchive(browser)) {
            assertThat(archive.read()).isEqualTo('P');

            Archived.isToComeAgain(browser.get("/api/export"));
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
}
