package chat.parley.conversation.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.testing.hostile.HostileMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong is told in one form. */
class ProblemsIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @ParameterizedTest
    @CsvSource({
        "GET, /api/nothing, 404, not_found",
        "GET, /nothing, 404, not_found",
        "GET, /api/conversations/absent, 404, not_found",
        "GET, /api/conversations/no%20id, 404, not_found",
        "GET, /api/conversations/..%2f..%2fid, 400, bad_request",
        "GET, /api/conversations/absent;a=b, 400, bad_request",
        "GET, /api/conversations;a=b, 400, bad_request",
        "GET, /nothing;a=b, 400, bad_request",
        "GET, /api/conversations/absent/messages, 404, not_found",
        "GET, /api/conversations/absent/export, 404, not_found",
        "DELETE, /api/conversations/absent, 404, not_found",
        "GET, /api/conversations?limit=0, 400, bad_request",
        "GET, /api/conversations?limit=many, 400, bad_request",
        "GET, /api/conversations?cursor=nonsense, 400, bad_request",
        "GET, /api/search, 400, bad_request",
        "PUT, /api/conversations, 405, bad_request",
        "POST, /api/models, 405, bad_request"
    })
    void saysWhatIsWrong(String method, String path, int status, String code) {
        Answer answer = browser.call(browser.request(path).method(method, BodyPublishers.noBody()));

        assertProblem(answer, status, code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "no json; 400; bad_request",
                "[]; 400; bad_request",
                "{\"title\":7}; 400; bad_request",
                "{\"title\":\" \"}; 400; bad_request",
                "{\"title\":null}; 400; bad_request",
                "{\"pinned\":\"yes\"}; 400; bad_request",
                "{\"model\":7}; 400; bad_request",
                "{\"systemPrompt\":[]}; 400; bad_request"
            })
    void refusesAChangeThatCannotBe(String body, int status, String code) {
        start();

        assertProblem(browser.patch("/api/conversations/c", body), status, code);
    }

    @Test
    void refusesWhatIsTooLong() {
        start();

        assertProblem(
                browser.patch("/api/conversations/c", "{\"title\":\"" + "x".repeat(201) + "\"}"), 413, "too_large");
        assertProblem(
                browser.patch("/api/conversations/c", "{\"systemPrompt\":\"" + "x".repeat(16_001) + "\"}"),
                413,
                "too_large");
        // The second is the path to which files may be sent.
        for (String id : List.of("c", "import")) {
            assertProblem(
                    browser.patch("/api/conversations/" + id, "\"" + "x".repeat(65_536) + "\""), 413, "too_large");
        }
        assertProblem(browser.get("/api/search?q=" + "x".repeat(201)), 413, "too_large");
    }

    @Test
    void refusesDeepJson() {
        start();

        for (int depth : new int[] {1_000, 30_000}) {
            String deep = "{\"title\":\"Mine\",\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
            assertProblem(browser.patch("/api/conversations/c", deep), 400, "bad_request");
        }
    }

    @Test
    void refusesABodyThatDoesNotSayHowLongItIs() {
        start();
        byte[] body = ("\"" + "x".repeat(100_000) + "\"").getBytes(StandardCharsets.UTF_8);

        Answer answer = browser.call(browser.request("/api/conversations/c")
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

        assertProblem(answer, 413, "too_large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate", "br", "identity, gzip"})
    void unpacksNoBody(String encoding) throws IOException {
        start();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write("{\"title\":\"Unpacked\"}".getBytes(StandardCharsets.UTF_8));
        }

        assertProblem(packed(encoding, BodyPublishers.ofByteArray(packed.toByteArray())), 400, "bad_request");
        // A body counts by what comes, also if it does not say its length.
        byte[] bomb = HostileMessage.IS_A_BOMB.body();
        assertProblem(packed(encoding, BodyPublishers.ofByteArray(bomb)), 413, "too_large");
        assertProblem(
                packed(encoding, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bomb, 0, 60_000))),
                400,
                "bad_request");
        assertThat(browser.get("/api/conversations/c").body()).doesNotContain("Unpacked");
    }

    private Answer packed(String encoding, BodyPublisher body) {
        return browser.call(browser.request("/api/conversations/c")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", encoding)
                .method("PATCH", body));
    }

    @Test
    void takesJsonOnly() {
        start();

        Answer answer = browser.call(browser.request("/api/conversations/c")
                .header("Content-Type", "text/plain")
                .method("PATCH", BodyPublishers.ofString("{\"title\":\"x\"}")));

        assertProblem(answer, 415, "bad_request");
    }

    /**
     * Such a body would be taken apart, and parts of it written to files, before anyone asks whether a call takes it.
     */
    @ParameterizedTest
    @CsvSource({
        "/api/session/sign-in, multipart/form-data, 415",
        "/api/session/sign-in, multipart/form-data; boundary=x, 415",
        "/nothing, multipart/form-data, 404",
        "/nothing, multipart/form-data; boundary=x, 404"
    })
    void takesNoForms(String path, String type, int status) {
        Answer answer = browser.call(
                browser.request(path).header("Content-Type", type).POST(BodyPublishers.ofString("--x\r\nContent-")));

        assertProblem(answer, status, status == 404 ? "not_found" : "bad_request");
    }

    private void start() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m", "Hello");
        }
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("code").asString()).isEqualTo(code);
        assertThat(answer.json().path("retryable").isBoolean()).isTrue();
        assertThat(answer.json().path("detail").asString()).isNotEmpty();
        assertThat(answer.body()).doesNotContain("Exception", "springframework", "chat.parley");
    }
}
