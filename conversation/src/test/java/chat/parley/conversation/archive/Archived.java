package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.testing.servers.RedisServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;

/** Files that go to the server and come from it. */
final class Archived {
    static final String IMPORT = "/api/conversations/import";
    /** A conversation with one message: its id, title and text. */
    static final String QUESTION = """
            {"conversation":{"id":"%s","title":"%s"},"messages":[{"id":"q","parentId":null,"role":"user","text":"%s"}]}
            """;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    /** The largest file is long under way, and each of its conversations is written through to the disk. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Archived() {}

    static HttpRequest.Builder request(Browser browser, byte[] file) {
        boolean isArchive = file.length > 1 && file[0] == 'P' && file[1] == 'K';
        return browser.request(IMPORT)
                .timeout(PATIENCE)
                .header("Content-Type", isArchive ? "application/zip" : "application/json")
                .POST(BodyPublishers.ofByteArray(file));
    }

    static Browser.Answer send(Browser browser, byte[] file) {
        return browser.call(request(browser, file));
    }

    static JsonNode take(Browser browser, String json) {
        return take(browser, json.getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode take(Browser browser, byte[] file) {
        Browser.Answer answer = send(browser, file);
        if (answer.status() != 200) {
            throw new AssertionError(answer);
        }
        return answer.json();
    }

    /** The archive of all that is kept of a user. */
    static byte[] everything(Browser browser) {
        try {
            return HTTP.send(
                            browser.request("/api/export")
                                    .timeout(PATIENCE)
                                    .GET()
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The files of an archive by their names. */
    static Map<String, String> files(byte[] archive) {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** The conversations of an archive, as it lists them. */
    static List<JsonNode> conversations(byte[] archive) {
        return files(archive).entrySet().stream()
                .filter(file -> file.getKey().matches("conversations/.*\\.json"))
                .map(file -> Browser.JSON.readTree(file.getValue()))
                .toList();
    }

    static RedisServer privateStore() throws IOException {
        Files.createDirectories(Path.of("target"));
        return RedisServer.startPrivate(Files.createTempDirectory(Path.of("target"), "redis-archive-"));
    }

    static void isToComeAgain(Answer answer) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.json().path("code").asString()).isEqualTo("rate_limited");
        assertThat(answer.json().path("detail").asString()).contains("of yours", "try again");
        assertThat(answer.header("Retry-After")).isEqualTo("5");
    }

    static String report(JsonNode report) {
        return report.path("imported") + " new, " + report.path("unchanged") + " there, " + report.path("messages")
                + " messages, " + report.path("refused") + " refused, " + report.path("notes");
    }

    static void save(Browser browser, String id, String title, String text) {
        String prompt = "{\"title\":\"%s\",\"text\":\"%s\"}".formatted(title, text);
        Answer answer = browser.call(browser.request("/api/prompts/" + id)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(prompt)));
        assertThat(answer.status()).isEqualTo(200);
    }
}
