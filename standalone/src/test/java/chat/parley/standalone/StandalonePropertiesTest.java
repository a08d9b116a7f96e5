package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

class StandalonePropertiesTest {
    private static final StandaloneProperties DEFAULTS = new StandaloneProperties(
            "localhost", 8080, null, Path.of("data"), null, "", DataSize.ofMegabytes(8), Duration.ofSeconds(30));

    @Test
    void haveDefaults() throws Exception {
        assertThat(bind(Map.of())).isEqualTo(DEFAULTS);
        assertThat(Binder.get(new StandardEnvironment()).bindOrCreate("parley.standalone", StandaloneProperties.class))
                .isEqualTo(DEFAULTS);
    }

    @Test
    void comeFromTheEnvironment() throws Exception {
        assertThat(bind(Map.of(
                        "SERVER_ADDRESS", "0.0.0.0",
                        "SERVER_PORT", "9000",
                        "MANAGEMENT_PORT", "9001",
                        "DATA_DIR", "/var/lib/parley",
                        "REDIS_SERVER", "/usr/bin/redis-server",
                        "OPENAI_API_KEY", "key",
                        "PARLEY_STANDALONE_QUEUESIZE", "1MB",
                        "PARLEY_STANDALONE_STOPTIMEOUT", "5s")))
                .isEqualTo(new StandaloneProperties(
                        "0.0.0.0",
                        9000,
                        9001,
                        Path.of("/var/lib/parley"),
                        Path.of("/usr/bin/redis-server"),
                        "key",
                        DataSize.ofMegabytes(1),
                        Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "your-openai-api-key"})
    void letTheDemoModelAnswerWithoutAKey(String key) throws Exception {
        assertThat(bind(Map.of("OPENAI_API_KEY", key)).demo()).isTrue();
    }

    @Test
    void letTheRealModelAnswerWithAKey() throws Exception {
        assertThat(bind(Map.of("OPENAI_API_KEY", "key")).demo()).isFalse();
    }

    private static StandaloneProperties bind(Map<String, Object> variables) throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        new YamlPropertySourceLoader()
                .load("standalone", new ClassPathResource("standalone.yml"))
                .forEach(environment.getPropertySources()::addLast);
        return Binder.get(environment).bindOrCreate("parley.standalone", StandaloneProperties.class);
    }
}
