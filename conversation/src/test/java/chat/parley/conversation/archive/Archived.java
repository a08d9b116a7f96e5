package chat.parley.conversation.archive;

import chat.parley.conversation.Browser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import tools.jackson.databind.JsonNode;

/** Files that go to the server and come from it. */
final class Archived {
    static final String IMPORT = "/api/conversations/import";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Archived() {}

    static HttpRequest.Builder request(Browser browser, byte[] file) {
        boolean isArchive = file.length > 1 && file[0] == 'P' && file[1] == 'K';
        return browser.request(IMPORT)
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
            return HTTP.send(browser.request("/api/export").GET().build(), BodyHandlers.ofByteArray())
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
}
