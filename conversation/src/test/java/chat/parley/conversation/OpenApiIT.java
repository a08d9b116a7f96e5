package chat.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser.Answer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** {@code docs/openapi.yaml} describes the calls that there are, and what is really answered. */
class OpenApiIT {
    private static final Path FILE = Path.of("../docs/openapi.yaml");

    private static Service service;
    private static Browser browser;
    private static OpenApiDocument document;

    @BeforeAll
    static void start() {
        service = Service.start("springdoc.api-docs.enabled=true", "springdoc.use-fqn=true");
        browser = Browser.guest(service);
        document = new OpenApiDocument(Browser.JSON.readValue(
                browser.get("/v3/api-docs").body(), new TypeReference<Map<String, Object>>() {}));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void isTheFile() throws IOException {
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(FILE, document.yaml());
        }
        assertThat(FILE).content().isEqualTo(document.yaml());
    }

    @Test
    void hasEveryCall() {
        Set<String> calls = new TreeSet<>();
        service.bean(RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith("/api"))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> calls.add(method + " " + path))));

        assertThat(document.calls()).isEqualTo(calls).isNotEmpty();
        assertThat(document.undescribed())
                .as("calls that need a line in OpenApiDocument.CALLS")
                .isEmpty();
        assertThat(document.gone())
                .as("lines of OpenApiDocument.CALLS without a call")
                .isEmpty();
    }

    @Test
    void namesNothingOfTheInside() {
        assertThat(document.yaml())
                .doesNotContain("JsonNode", "RawJson", "chat.parley", "java.", "127.0.0.1", "ProblemDetail");
    }

    /** An answer whose schema asks for nothing would be told by no test. */
    @Test
    void saysOfEveryAnswerWhatIsInIt() {
        for (String name : List.of("Conversation", "Hit", "Messages", "Page", "Snapshot", "Note", "ModelAnswer")) {
            assertThat((List<?>) document.schema(name).get("required")).as(name).isNotEmpty();
        }
    }

    @Test
    void saysWhatIsAnswered() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m", "Hello whales");
        }
        browser.patch("/api/conversations/c", "{\"systemPrompt\":\"Be brief.\",\"pinned\":true}");

        assertThat(wrong(
                        "post",
                        "/api/session",
                        browser.call(browser.request("/api/session").POST(BodyPublishers.noBody()))))
                .isEmpty();
        assertThat(wrong("get", "/api/conversations", browser.get("/api/conversations")))
                .isEmpty();
        Answer snapshot = browser.get("/api/conversations/c");
        assertThat(wrong("get", "/api/conversations/{id}", snapshot)).isEmpty();
        assertThat(snapshot.json().path("messages")).isNotEmpty();
        assertThat(snapshot.json().path("replies")).isNotEmpty();
        assertThat(wrong("get", "/api/conversations/{id}/messages", browser.get("/api/conversations/c/messages")))
                .isEmpty();
        assertThat(wrong(
                        "patch",
                        "/api/conversations/{id}",
                        browser.patch("/api/conversations/c", "{\"title\":\"Whales\"}")))
                .isEmpty();
        Answer found = browser.get("/api/search?q=whales");
        assertThat(wrong("get", "/api/search", found)).isEmpty();
        assertThat(found.json().path("items")).isNotEmpty();
        assertThat(wrong("get", "/api/models", browser.get("/api/models"))).isEmpty();
        assertThat(found.json().path("items").path(0).path("marks")).isNotEmpty();
        assertThat(wrong("put", "/api/conversations/{id}/share", browser.put("/api/conversations/c/share")))
                .isEmpty();
        Answer link = browser.get("/api/conversations/c/share");
        assertThat(wrong("get", "/api/conversations/{id}/share", link)).isEmpty();
        assertThat(wrong("get", "/api/shares", browser.get("/api/shares"))).isEmpty();
        Answer shared = browser.get("/api/shared/" + link.json().path("token").asString());
        assertThat(wrong("get", "/api/shared/{token}", shared)).isEmpty();
        assertThat(shared.json().path("items")).isNotEmpty();
        Answer prompt = browser.call(browser.request("/api/prompts/p")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"title\":\"T\",\"text\":\"x\"}")));
        assertThat(wrong("put", "/api/prompts/{id}", prompt)).isEmpty();
        Answer prompts = browser.get("/api/prompts");
        assertThat(wrong("get", "/api/prompts", prompts)).isEmpty();
        assertThat(prompts.json().path("items")).isNotEmpty();
        new Worker(service, browser, "c", "m-reply")
                .starts()
                .says("Whales sing.")
                .completes();
        Answer usage = browser.get("/api/conversations/c/usage");
        assertThat(wrong("get", "/api/conversations/{id}/usage", usage)).isEmpty();
        assertThat(usage.json().path("items")).isNotEmpty();
        Answer export = browser.get("/api/conversations/c/export?format=json");
        assertThat(wrong("get", "/api/conversations/{id}/export", export)).isEmpty();
        Answer imported = Browser.guest(service)
                .call(browser.request("/api/conversations/import")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("[" + export.body() + ",{}]")));
        assertThat(wrong("post", "/api/conversations/import", imported)).isEmpty();
        assertThat(imported.json().path("notes")).isNotEmpty();
        List<String> wrong = new ArrayList<>();
        look(
                document.schema("Problem"),
                browser.get("/api/conversations/absent").json(),
                "problem",
                wrong);
        assertThat(wrong).isEmpty();
    }

    /** What of an answer is not as the document says. */
    private static List<String> wrong(String method, String path, Answer answer) {
        List<String> wrong = new ArrayList<>();
        if (answer.status() != 200) {
            wrong.add("status " + answer.status() + ": " + answer.body());
        } else {
            look(document.answer(method, path), answer.json(), path, wrong);
        }
        return wrong;
    }

    /** Knows as much of JSON Schema as the document uses; a member that it does not name is wrong, too. */
    @SuppressWarnings("unchecked")
    private static void look(Map<String, Object> schema, JsonNode value, String at, List<String> wrong) {
        if (schema.get("$ref") instanceof String reference) {
            look(document.schema(reference.substring(reference.lastIndexOf('/') + 1)), value, at, wrong);
            return;
        }
        if (schema.get("anyOf") instanceof List<?> choices) {
            if (!value.isNull()) {
                look((Map<String, Object>) choices.getFirst(), value, at, wrong);
            }
            return;
        }
        Object type = schema.get("type");
        List<?> types = type instanceof List<?> several ? several : List.of(String.valueOf(type));
        String is = value.isNull()
                ? "null"
                : value.isString()
                        ? "string"
                        : value.isBoolean()
                                ? "boolean"
                                : value.isNumber()
                                        ? value.isIntegralNumber() && !types.contains("number") ? "integer" : "number"
                                        : value.isArray() ? "array" : "object";
        if (!types.contains(is)) {
            wrong.add(at + " is " + is + ", not " + types);
        }
        if (schema.get("enum") instanceof List<?> values && !values.contains(value.asString())) {
            wrong.add(at + " is none of " + values);
        }
        if (value.isArray()) {
            for (JsonNode item : value) {
                look((Map<String, Object>) schema.get("items"), item, at + "[]", wrong);
            }
        }
        if (value.isObject()) {
            Map<String, Object> properties = (Map<String, Object>) schema.getOrDefault("properties", Map.of());
            for (Object name : (List<?>) schema.getOrDefault("required", List.of())) {
                if (!value.has((String) name)) {
                    wrong.add(at + " has no " + name);
                }
            }
            value.forEachEntry((name, member) -> {
                if (properties.get(name) instanceof Map<?, ?> property) {
                    look((Map<String, Object>) property, member, at + "." + name, wrong);
                } else {
                    wrong.add(at + " has " + name);
                }
            });
        }
    }
}
