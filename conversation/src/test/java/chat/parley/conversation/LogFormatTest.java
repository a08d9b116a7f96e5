package chat.parley.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

@ExtendWith(OutputCaptureExtension.class)
class LogFormatTest {
    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    @Test
    void isOneJsonObjectInALineWhereThatIsAskedFor(CapturedOutput output) {
        start("--LOG_FORMAT=json");

        String first = output.getOut().lines().findFirst().orElseThrow();
        JsonNode line = Browser.JSON.readTree(first);
        assertThat(line.path("level").asString()).isEqualTo("INFO");
        assertThat(line.path("message").asString()).contains("Starting");
        assertThat(line.has("@timestamp")).isTrue();
    }

    @Test
    void isTextByDefault(CapturedOutput output) {
        start();

        assertThat(output.getOut().lines().findFirst().orElseThrow())
                .contains(" INFO ")
                .doesNotStartWith("{");
    }

    /** Leaves the format of the tests that follow as it was. */
    @AfterEach
    void reset() {
        start();
    }

    private static void start(String... arguments) {
        new SpringApplicationBuilder(Nothing.class)
                .web(WebApplicationType.NONE)
                .run(arguments)
                .close();
    }
}
