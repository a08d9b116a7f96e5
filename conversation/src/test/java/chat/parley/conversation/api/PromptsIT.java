package chat.parley.conversation.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The calls of saved prompts. */
class PromptsIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    private static Answer put(Browser browser, String id, String body) {
        return browser.call(browser.request("/api/prompts/" + id)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    }

    private static Answer keep(Browser browser, String id, String title, String text) {
        var body = Browser.JSON.createObjectNode();
        body.put("title", title);
        body.put("text", text);
        return put(browser, id, Browser.JSON.writeValueAsString(body));
    }

    private static JsonNode items(Browser browser) {
        return browser.get("/api/prompts").json().path("items");
    }

    @Test
    void keepsChangesAndDeletesThem() {
        assertThat(items(browser)).isEmpty();

        Answer kept = keep(browser, "b", "  übersetze ", "Translate:\n\n {text}\n");
        keep(browser, "a", "Zebra", "Draw 🦓");

        assertThat(kept.status()).isEqualTo(200);
        assertThat(kept.json())
                .hasToString("{\"id\":\"b\",\"title\":\"übersetze\",\"text\":\"Translate:\\n\\n {text}\\n\"}");
        assertThat(items(browser)).hasSize(2).contains(kept.json());
        assertThat(items(browser).findValuesAsString("id")).containsExactly("a", "b");
        keep(browser, "b", "Another", "Something else");
        assertThat(items(browser).findValuesAsString("title")).containsExactly("Another", "Zebra");
        assertThat(browser.delete("/api/prompts/b").status()).isEqualTo(204);
        assertThat(browser.delete("/api/prompts/b").status()).isEqualTo(204);
        assertThat(items(browser).findValuesAsString("id")).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void belongToOneUser(boolean sameShard) {
        Browser other = Browser.guest(service, browser, sameShard);
        keep(browser, "p", "Mine", "My words");
        keep(other, "p", "Theirs", "Their words");

        assertThat(items(browser).findValuesAsString("text")).containsExactly("My words");
        assertThat(items(other).findValuesAsString("text")).containsExactly("Their words");
        other.delete("/api/prompts/p");
        assertThat(items(other)).isEmpty();
        assertThat(items(browser)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "p|{}|400|bad_request",
                "p|[]|400|bad_request",
                "p|nothing|400|bad_request",
                "p|{\"title\":\"T\"}|400|bad_request",
                "p|{\"title\":\" \",\"text\":\"x\"}|400|bad_request",
                "p|{\"title\":\"T\",\"text\":null}|400|bad_request",
                "p|{\"title\":\"T\",\"text\":[]}|400|bad_request",
                "no.id|{\"title\":\"T\",\"text\":\"x\"}|400|bad_request",
            })
    void refusesWhatIsNone(String id, String body, int status, String code) {
        Answer answer = put(browser, id, body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("code").asString()).isEqualTo(code);
        assertThat(answer.json().path("detail").asString()).isNotEmpty();
        assertThat(items(browser)).isEmpty();
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(keep(browser, "p", "T", "x".repeat(16_000)).status()).isEqualTo(200);
        for (Answer answer :
                List.of(keep(browser, "q", "T", "x".repeat(16_001)), keep(browser, "q", "T".repeat(201), "x"))) {
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.json().path("code").asString()).isEqualTo("too_large");
        }
        assertThat(items(browser)).hasSize(1);
    }

    /** Also if many come at once. */
    @Test
    void keepsOnlySoMany() throws Exception {
        try (Service small = Service.start("parley.api.prompts=3");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Browser visitor = browser.at(small);
            List<Future<Integer>> statuses = threads.invokeAll(IntStream.range(0, 12)
                    .mapToObj(i -> (Callable<Integer>)
                            () -> keep(visitor, "p" + i, "T", "x").status())
                    .toList());

            assertThat(statuses)
                    .extracting(Future::get)
                    .filteredOn(status -> status == 200)
                    .hasSize(3);
            assertThat(items(visitor)).hasSize(3);
            String there = items(visitor).path(0).path("id").asString();
            assertThat(keep(visitor, there, "Changed", "x").status()).isEqualTo(200);
            Answer refused = keep(visitor, "more", "T", "x");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().path("detail").asString()).contains("3 saved prompts");
            visitor.delete("/api/prompts/" + there);
            assertThat(keep(visitor, "more", "T", "x").status()).isEqualTo(200);
        }
    }
}
