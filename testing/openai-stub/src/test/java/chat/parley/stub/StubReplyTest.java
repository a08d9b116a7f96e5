package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

class StubReplyTest {
    /** The vectors were computed by the Python of the README. */
    @TestFactory
    Stream<DynamicTest> agreesWithTheFunctionInTheReadme() {
        InputStream file = StubReplyTest.class.getResourceAsStream("/reply-vectors.json");
        return StubClient.JSON.readTree(file).valueStream().map(vector -> {
            List<StubReply.Message> messages = messages(vector.path("messages"));
            return DynamicTest.dynamicTest("for “" + messages.getLast().text() + "”", () -> {
                StubReply reply = StubReply.of(messages, vector.path("tokens").intValue());
                assertThat(reply.text()).isEqualTo(vector.path("text").stringValue());
                assertThat(reply.tokens()).hasSize(vector.path("tokens").intValue());
                assertThat(String.join("", reply.tokens())).isEqualTo(reply.text());
            });
        });
    }

    @Test
    void dependsOnEveryEarlierMessage() {
        StubReply reply = StubReply.of(conversation("a", "b", "c"), 60);

        assertThat(StubReply.of(conversation("a", "b", "c"), 60)).isEqualTo(reply);
        assertThat(StubReply.of(conversation("x", "b", "c"), 60)).isNotEqualTo(reply);
        assertThat(StubReply.of(conversation("a", "x", "c"), 60)).isNotEqualTo(reply);
        assertThat(reply.text()).contains("message 2 of this conversation; 2 came before it");
    }

    @Test
    void isNoDifferentForAnotherSystemPrompt() {
        List<StubReply.Message> prompted =
                List.of(new StubReply.Message("system", "Be kind"), new StubReply.Message("user", "Hello"));

        assertThat(StubReply.of(prompted, StubReply.DEFAULT_TOKENS)).isEqualTo(StubReply.of("Hello"));
    }

    @Test
    void titlesAConversationByItsFirstQuestion() {
        assertThat(StubReply.title(conversation("How do  I [[hang]] bake bread without any yeast?", "b", "c")))
                .isEqualTo("About How do  I  bake bread without");
        assertThat(StubReply.title(conversation("", "b", "c"))).isEqualTo("About");
    }

    private static List<StubReply.Message> conversation(String first, String answer, String second) {
        return List.of(
                new StubReply.Message("user", first),
                new StubReply.Message("assistant", answer),
                new StubReply.Message("user", second));
    }

    private static List<StubReply.Message> messages(JsonNode array) {
        return array.valueStream()
                .map(message -> new StubReply.Message(
                        message.path("role").stringValue(), message.path("text").stringValue()))
                .toList();
    }
}
