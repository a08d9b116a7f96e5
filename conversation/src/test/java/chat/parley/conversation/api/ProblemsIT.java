package chat.parley.conversation.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertProblem(browser.patch("/api/conversations/c", "\"" + "x".repeat(65_536) + "\""), 413, "too_large");
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

    @Test
    void takesJsonOnly() {
        start();

        Answer answer = browser.call(browser.request("/api/conversations/c")
                .header("Content-Type", "text/plain")
                .method("PATCH", BodyPublishers.ofString("{\"title\":\"x\"}")));

        assertProblem(answer, 415, "bad_request");
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
