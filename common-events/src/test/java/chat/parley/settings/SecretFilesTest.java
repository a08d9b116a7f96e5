package chat.parley.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SecretFilesTest {
    private static final String ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    @TempDir
    private Path folder;

    private final Map<String, Object> variables = new HashMap<>();

    /** As the configuration files ask. */
    private String resolve(String text) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(ENVIRONMENT, new SystemEnvironmentPropertySource(ENVIRONMENT, variables));
        new SecretFiles().postProcessEnvironment(environment, new SpringApplication());
        return environment.resolvePlaceholders(text);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("secret"), content);
    }

    @Test
    void takesASettingFromAFile() throws IOException {
        variables.put("REDIS_PASSWORD_FILE", file("open sesame").toString());

        assertThat(resolve("${REDIS_PASSWORD:none} ${RABBITMQ_PASSWORD:guest}")).isEqualTo("open sesame guest");
    }

    @ParameterizedTest
    @CsvSource({"'a\n', a", "'a\r\n', a", "'a\n\n', 'a\n'", "' a ', ' a '", "'', ''", "'\n', ''", "a, a"})
    void leavesOutOneNewlineAtTheEndAndNoMore(String content, String secret) throws IOException {
        variables.put("SESSION_SECRET_FILE", file(content).toString());

        assertThat(resolve("${SESSION_SECRET:none}")).isEqualTo(secret);
    }

    @Test
    void takesABlankVariableForOneThatIsNotSet() throws IOException {
        variables.put("OPENAI_API_KEY", "");
        variables.put("OPENAI_API_KEY_FILE", file("sk-1").toString());
        variables.put("REDIS_PASSWORD", "open sesame");
        variables.put("REDIS_PASSWORD_FILE", "");

        assertThat(resolve("${OPENAI_API_KEY:} ${REDIS_PASSWORD:}")).isEqualTo("sk-1 open sesame");
    }

    @Test
    void refusesASettingThatIsGivenTwice() throws IOException {
        variables.put("OPENAI_API_KEY", "sk-1");
        variables.put("OPENAI_API_KEY_FILE", file("sk-2").toString());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> resolve("${OPENAI_API_KEY:}"))
                .withMessage("OPENAI_API_KEY_FILE and OPENAI_API_KEY are both set; leave one out");
    }

    @Test
    void saysWhichFileCannotBeReadAndWhy() throws IOException {
        Path none = folder.resolve("none");
        Path noText = Files.write(folder.resolve("key.der"), new byte[] {(byte) 0xfe, (byte) 0xff});
        variables.put("RABBITMQ_PASSWORD_FILE", none.toString());
        variables.put("REDIS_PASSWORD_FILE", folder.toString());
        variables.put("SESSION_SECRET_FILE", noText.toString());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> resolve("${RABBITMQ_PASSWORD:guest}"))
                .withMessage("RABBITMQ_PASSWORD_FILE is " + none + ", which can't be read: there is no such file")
                .withNoCause();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resolve("${REDIS_PASSWORD:}"))
                .withMessageStartingWith("REDIS_PASSWORD_FILE is " + folder + ", which can't be read: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resolve("${SESSION_SECRET:}"))
                .withMessage("SESSION_SECRET_FILE is " + noText + ", which can't be read: it is no text in UTF-8");
    }

    /** Other programs have such variables, too. */
    @Test
    void leavesFilesAloneThatNobodyAsksFor() {
        variables.put("SSL_CERT_FILE", folder.resolve("none").toString());

        assertThat(resolve("${SSL_CERT_FILE}")).isEqualTo(folder.resolve("none").toString());
    }
}
