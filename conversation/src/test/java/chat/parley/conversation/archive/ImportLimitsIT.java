package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.testing.servers.RedisServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is not taken of files, and from whom. */
class ImportLimitsIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void takesNoFileThatAFormCouldSend(String contentType) {
        Answer answer = browser.call(browser.request(Archived.IMPORT)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(Archived.QUESTION.formatted("c", "T", "Q"))));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(browser.get("/api/conversations").json().path("items")).isEmpty();
    }

    @Test
    void takesNothingFromOtherSitesAndNothingWithoutASession() {
        byte[] file = Archived.QUESTION.formatted("c", "T", "Q").getBytes(StandardCharsets.UTF_8);

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
        Archived.take(browser, Archived.QUESTION.formatted("c", "T", "Q"));

        Answer answer = browser.call(browser.request("/api/conversations/c")
                .header("Content-Type", "application/zip")
                .method("PATCH", BodyPublishers.ofString("{\"title\":\"X\"}")));

        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void refusesWhatIsOverItsLimits() throws IOException {
        // What is old here would be deleted for other tests, too.
        RedisServer own = Archived.privateStore();
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
            assertThat(Archived.report(Archived.take(
                            guest, file.formatted("Long", question.formatted("q", "x".repeat(400))))))
                    .contains("1 refused", "it is too large");
            assertThat(Archived.report(Archived.take(
                            guest,
                            file.formatted(
                                    "Many",
                                    question.formatted("a", "") + "," + question.formatted("b", "") + ","
                                            + question.formatted("c", "")))))
                    .contains("1 refused", "it is too large");
            assertThat(Archived.report(Archived.take(
                            guest,
                            "{\"conversation\":{\"id\":\"c\",\"updatedAt\":\"2020-01-01T00:00:00Z\"},\"messages\":["
                                    + question.formatted("q", "Q") + "]}")))
                    .contains("1 refused", "older than what is kept here");
            assertThat(guest.get("/api/conversations").json().path("items")).isEmpty();
            Archived.take(guest, Archived.QUESTION.formatted("first", "First", "Q"));
            assertThat(Archived.report(Archived.take(guest, Archived.QUESTION.formatted("second", "Second", "Q"))))
                    .contains("0 new", "1 refused", "as many conversations as one person may have");
        }
    }

    @Test
    void readsOneFileOfAUserAtATime() throws IOException {
        byte[] question = Archived.QUESTION.formatted("c", "There", "Hi").getBytes(StandardCharsets.UTF_8);
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

            Archived.isToComeAgain(Archived.send(browser, question));
            assertThat(Archived.send(Browser.guest(service), question).status()).isEqualTo(200);
        }

        assertThat(first.join().status()).isEqualTo(200);
        assertThat(Archived.report(Archived.take(browser, question))).startsWith("0 new, 1 there");
    }

    @Test
    void readsAFileOfTheLargestSize() {
        StringBuilder file = new StringBuilder("[");
        String text = "0123456789".repeat(300_000);
        int number = 0;
        for (; file.length() < 48_000_000; number++) {
            file.append(number == 0 ? "" : ",").append(Archived.QUESTION.formatted("c" + number, "T" + number, text));
        }

        JsonNode report = Archived.take(browser, file.append("]").toString());

        assertThat(Archived.report(report)).isEqualTo(number + " new, 0 there, " + number + " messages, 0 refused, []");
        assertThat(Archived.conversations(Archived.everything(browser)))
                .hasSize(number)
                .allMatch(one ->
                        one.path("messages").path(0).path("text").asString().equals(text));
    }

    /** It is the sender's connection, and no fault of the server. */
    @Test
    void tellsWhoStopsInTheMiddleThatHeMaySendAgain() throws IOException {
        try (Service impatient = Service.start("server.tomcat.connection-timeout=2s")) {
            // Before there is the connection: the first call of a service takes long, and its patience would be over.
            String cookie = Browser.guest(impatient).cookie();
            try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
                connection.setSoTimeout(15_000);
                String head = String.join(
                        "\r\n",
                        "POST " + Archived.IMPORT + " HTTP/1.1",
                        "Host: 127.0.0.1",
                        "Cookie: " + cookie,
                        "Content-Type: application/json",
                        "Content-Length: 1000",
                        "Connection: close",
                        "",
                        "[");
                connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));

                String answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                assertThat(answer)
                        .startsWith("HTTP/1.1 408 ")
                        .contains("\"code\":\"unavailable\"", "\"retryable\":true", "too slowly");
            }
        }
    }
}
