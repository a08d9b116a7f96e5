package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DemoModeTest {
    private static final StubSettings FAST_DEMO =
            new StubSettings("127.0.0.1", 0, Mode.DEMO, null, Behavior.of("delay=0 rate=0"));

    @Test
    void answersAsTheDemoModelAndFollowsNoDirective() throws Exception {
        try (OpenAiStub stub = OpenAiStub.start(FAST_DEMO);
                StubClient client = new StubClient(stub)) {
            List<JsonNode> chunks =
                    StubClient.chunks(client.ask("[[fail=500 tokens=3]]").body());

            assertThat(chunks)
                    .hasSizeGreaterThan(50)
                    .allSatisfy(chunk ->
                            assertThat(chunk.path("model").stringValue()).isEqualTo("parley-demo"));
            JsonNode models = client.get("/v1/models").path("data");
            assertThat(models).hasSize(1);
            assertThat(models.get(0).path("id").stringValue()).isEqualTo("parley-demo");
        }
    }

    @Test
    void showsNumbersButNoOnesQuestionsAndCannotBeSteered() throws Exception {
        try (OpenAiStub stub = OpenAiStub.start(FAST_DEMO);
                StubClient client = new StubClient(stub)) {
            client.ask("A secret");

            assertThat(client.get("/stub/stats").path("completed").intValue()).isEqualTo(1);
            for (String path : List.of("/stub/calls", "/stub/behavior", "/stub/reset")) {
                assertThat(client.send("POST", path, "{}", Map.of()).statusCode())
                        .isEqualTo(404);
                assertThat(client.send("GET", path, "", Map.of()).statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void speaksAtAboutThirtyTokensASecond() throws Exception {
        try (OpenAiStub stub = OpenAiStub.start(StubSettings.demo(0));
                StubClient client = new StubClient(stub)) {
            ObjectNode request = StubClient.question("Hello").put("max_tokens", 31);
            client.post("/v1/chat/completions", request, Map.of());

            CallRecord call = stub.calls(1).getFirst();
            assertThat(call.firstTokenMillis()).isBetween(300L, 20_000L);
            assertThat(call.durationMillis()).isBetween(1_300L, 20_000L);
        }
    }

    @ParameterizedTest
    @EnumSource(DemoTopic.class)
    void saysInEveryReplyWhoItIsAndHowToSetAKeyAndQuotesTheQuestion(DemoTopic topic) {
        String question = QUESTIONS.get(topic);

        assertThat(DemoTopic.of(question)).isEqualTo(topic);
        assertThat(reply(question))
                .contains("built-in demo model", "OPENAI_API_KEY", ".env", "estart")
                .contains("> " + question.replace("_", "\\_").replace("!", "\\!"))
                .doesNotContain("{{");
    }

    @ParameterizedTest
    @CsvSource({"markdown, | :---", "markdown, ```java", "a table please, | :---", "some python code, ```python"})
    void showsWhatItIsAskedFor(String question, String expected) {
        assertThat(reply(question)).contains(expected);
    }

    @Test
    void tellsAStoryLongEnoughToPressStop() {
        assertThat(DemoReply.of(List.of(user("A long story"))).tokens()).hasSizeGreaterThan(600);
    }

    @Test
    void knowsItsPlaceInTheConversation() {
        assertThat(reply("Hello", "And the weather?"))
                .contains("This is message 2 of our conversation; the one before was:\n\n> Hello");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "# a heading~> \\# a heading",
                "```~> \\`\\`\\`",
                "<b>bold</b>~> \\<b\\>bold\\</b\\>",
                "![x](http://example.org/x.png)~> \\!\\[x\\](http://example.org/x.png)",
                "'- one\n- two'~> \\- one - two"
            })
    void quotesMarkdownAsPlainWords(String question, String quoted) {
        assertThat(reply(question).lines().filter(line -> line.startsWith(">"))).containsExactly(quoted);
    }

    @Test
    void shortensALongQuestion() {
        assertThat(reply("🙂".repeat(300))).contains("> " + "🙂".repeat(280) + " …");
    }

    @Test
    void titlesAConversationByItsFirstWords() {
        assertThat(DemoReply.title(List.of(user("how do\nI bake bread without any yeast?"))))
                .isEqualTo("How do I bake bread without");
        assertThat(DemoReply.title(List.of(user(" ")))).isEqualTo("A chat with the demo model");
    }

    private static final Map<DemoTopic, String> QUESTIONS = Map.ofEntries(
            Map.entry(DemoTopic.SETUP, "Where does OPENAI_API_KEY go?"),
            Map.entry(DemoTopic.MARKDOWN, "Show me Markdown"),
            Map.entry(DemoTopic.TABLE, "Compare some fruit"),
            Map.entry(DemoTopic.STORY, "Tell me a long one"),
            Map.entry(DemoTopic.MATH, "Do you know Fibonacci?"),
            Map.entry(DemoTopic.PYTHON, "Some Python"),
            Map.entry(DemoTopic.JAVASCRIPT, "Some TypeScript"),
            Map.entry(DemoTopic.SHELL, "A bash script"),
            Map.entry(DemoTopic.SQL, "Something in SQL"),
            Map.entry(DemoTopic.CODE, "Some code"),
            Map.entry(DemoTopic.GREETING, "Hello there!"),
            Map.entry(DemoTopic.OTHER, "What is the weather like?"));

    private static String reply(String... questions) {
        return DemoReply.of(List.of(questions).stream().map(DemoModeTest::user).toList())
                .text();
    }

    private static StubReply.Message user(String text) {
        return new StubReply.Message("user", text);
    }
}
