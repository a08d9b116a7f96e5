package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class AnswersTest {
    private final Answers answers = new Answers("\"welcome\"");

    @Test
    void takesTheFrameThatAnswers() throws InterruptedException {
        answers.heard("{\"type\":\"welcome\"}");
        assertThat(answers.first()).contains("welcome");

        String answer = answers.to(
                () -> {
                    answers.heard("{\"type\":\"event\"}");
                    answers.heard("{\"type\":\"ok\",\"id\":\"u\"}");
                },
                "\"ok\"");

        assertThat(answer).contains("\"id\":\"u\"");
    }

    @Test
    void saysWhyThereIsNone() {
        assertThatIllegalStateException()
                .isThrownBy(() -> answers.to(() -> answers.fail("closed"), "\"ok\""))
                .withMessageContainingAll("\"ok\"", "closed");
    }
}
