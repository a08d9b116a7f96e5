package chat.parley.conversation.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The HTTP calls of the protocol page. */
class ConversationsIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @Test
    void listsPinnedOnesFirstAndThenTheNewest() {
        start("a", "b", "c");
        browser.patch("/api/conversations/a", "{\"pinned\":true}");

        JsonNode page = browser.get("/api/conversations").json();

        assertThat(page.path("items").findValuesAsString("id")).containsExactly("a", "c", "b");
        assertThat(page.path("next").isNull()).isTrue();
        JsonNode first = page.path("items").path(0);
        assertThat(first.path("title").asString()).isEqualTo("Say a");
        assertThat(first.path("pinned").asBoolean()).isTrue();
        assertThat(first.path("activeReplyId").asString()).isEqualTo("a-m-reply");
        assertThat(first.path("createdAt").asString()).endsWith("Z");
        assertThat(first.path("updatedAt").asString()).endsWith("Z");
    }

    @Test
    void pagesThroughAList() {
        start("a", "b", "c", "d", "e");
        List<String> seen = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = browser.get("/api/conversations?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .json();
            seen.addAll(page.path("items").findValuesAsString("id"));
            cursor = page.path("next").asString("");
            pages++;
        } while (!cursor.isEmpty());

        assertThat(seen).containsExactly("e", "d", "c", "b", "a");
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void takesAnEmptyParameterForNone() {
        start("a", "b");

        assertThat(browser.get("/api/conversations?cursor=&limit=")
                        .json()
                        .path("items")
                        .findValuesAsString("id"))
                .containsExactly("b", "a");
        assertThat(browser.get("/api/conversations/a/messages?before=&limit=")
                        .json()
                        .path("items")
                        .findValuesAsString("id"))
                .containsExactly("a-m");
    }

    @Test
    void givesASnapshot() {
        start("a");
        new Worker(service, browser, "a", "a-m-reply").starts().says("Aaa").completes();

        JsonNode snapshot = browser.get("/api/conversations/a").json();

        assertThat(snapshot.path("seq").asLong()).isEqualTo(5);
        assertThat(snapshot.path("cursor").asString()).startsWith("5.");
        assertThat(snapshot.path("conversation").path("activeReplyId").isNull()).isTrue();
        assertThat(snapshot.path("replies")).isEmpty();
        JsonNode answer = snapshot.path("messages").path(1);
        assertThat(answer.path("parentId").asString()).isEqualTo("a-m");
        assertThat(answer.path("role").asString()).isEqualTo("assistant");
        assertThat(answer.path("text").asString()).isEqualTo("Aaa");
        assertThat(answer.path("status").asString()).isEqualTo("complete");
        assertThat(answer.path("model").asString()).isEqualTo("model-1");
        assertThat(answer.path("usage").toString()).isEqualTo("{\"promptTokens\":3,\"completionTokens\":5}");
        assertThat(snapshot.path("messages").path(0).path("parentId").isNull()).isTrue();
    }

    @Test
    void pagesThroughMessagesNewestFirst() {
        try (Tab tab = browser.open()) {
            for (String id : List.of("m1", "m2", "m3")) {
                tab.say("a", id, id);
            }
        }

        JsonNode first = browser.get("/api/conversations/a/messages?limit=2").json();
        JsonNode rest =
                browser.get("/api/conversations/a/messages?limit=2&before=m2").json();

        assertThat(first.path("items").findValuesAsString("id")).containsExactly("m3", "m2");
        assertThat(first.path("more").asBoolean()).isTrue();
        assertThat(rest.path("items").findValuesAsString("id")).containsExactly("m1");
        assertThat(rest.path("more").asBoolean()).isFalse();
    }

    @Test
    void changesWhatAPersonMayChange() {
        start("a");

        Answer changed = browser.patch(
                "/api/conversations/a",
                "{\"title\":\"  Ünï  \",\"pinned\":true,\"model\":\"model-2\",\"systemPrompt\":\"Be brief.\",\"x\":1}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("title").asString()).isEqualTo("Ünï");
        assertThat(changed.json().path("pinned").asBoolean()).isTrue();
        assertThat(changed.json().path("model").asString()).isEqualTo("model-2");
        assertThat(changed.json().path("systemPrompt").asString()).isEqualTo("Be brief.");
        JsonNode reset = browser.patch("/api/conversations/a", "{\"model\":null,\"systemPrompt\":null}")
                .json();
        assertThat(reset.path("model").isNull()).isTrue();
        assertThat(reset.path("systemPrompt").isNull()).isTrue();
        assertThat(reset.path("title").asString()).isEqualTo("Ünï");
    }

    @Test
    void deletesOnceAndForGood() {
        start("a");

        assertThat(browser.delete("/api/conversations/a").status()).isEqualTo(204);
        assertThat(browser.delete("/api/conversations/a").status()).isEqualTo(204);
        assertThat(browser.get("/api/conversations/a").status()).isEqualTo(404);
        assertThat(browser.get("/api/conversations").json().path("items")).isEmpty();
        assertThat(browser.delete("/api/conversations/never-was").status()).isEqualTo(404);
    }

    @Test
    void exportsMarkdown() {
        start("a");
        new Worker(service, browser, "a", "a-m-reply").starts().says("**Aaa**").completes();
        browser.patch("/api/conversations/a", "{\"title\":\"Größe: 1/2\"}");

        Answer export = browser.get("/api/conversations/a/export?format=markdown");

        assertThat(export.status()).isEqualTo(200);
        assertThat(export.header("Content-Type")).isEqualTo("text/markdown;charset=UTF-8");
        assertThat(export.header("Content-Disposition"))
                .startsWith("attachment;")
                .contains("filename*=UTF-8''Gr%C3%B6%C3%9Fe%201%202.md");
        assertThat(export.body()).isEqualTo("# Größe: 1/2\n\n## You\n\nSay a\n\n## Assistant (model-1)\n\n**Aaa**\n");
    }

    @Test
    void exportsJson() {
        start("a");

        Answer export = browser.get("/api/conversations/a/export?format=json");

        assertThat(export.header("Content-Type")).isEqualTo("application/json");
        assertThat(export.header("Content-Disposition")).contains("filename=\"", ".json");
        assertThat(export.json().path("conversation").path("id").asString()).isEqualTo("a");
        assertThat(export.json().path("messages").findValuesAsString("text")).containsExactly("Say a");
    }

    private void start(String... conversations) {
        try (Tab tab = browser.open()) {
            for (String id : conversations) {
                tab.say(id, id + "-m", "Say " + id);
            }
        }
    }
}
