package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

/** Spells out each setting and its default, so that none changes by accident. */
class AssistantPropertiesTest {
    @Test
    void hasTheseDefaults() throws IOException {
        assertThat(assistant(Map.of()))
                .isEqualTo(new AssistantProperties(
                        true,
                        64,
                        true,
                        400_000,
                        DataSize.ofMegabytes(8),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        new AssistantProperties.Timeouts(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(10)),
                        new AssistantProperties.Publishing(
                                150, Duration.ofSeconds(1), Duration.ofMillis(1500), Duration.ofMillis(200), 500_000),
                        new AssistantProperties.Breaker(4, Duration.ofSeconds(10)),
                        new AssistantProperties.Resume(200, Duration.ofSeconds(60)),
                        new AssistantProperties.Title(Duration.ofSeconds(10), 40, 2_000)));
        assertThat(provider(Map.of()))
                .isEqualTo(new ProviderProperties(
                        new ProviderProperties.Secret(""), "", "", List.of(), 128_000, null, 4_096, ""));
    }

    @Test
    void isSetByTheseNames() throws IOException {
        assertThat(assistant(Map.ofEntries(
                        Map.entry("RABBITMQ_DECLARE", "false"),
                        Map.entry("ASSISTANT_CONCURRENCY", "500"),
                        Map.entry("TITLES", "false"),
                        Map.entry("RESUME_RATE", "7"),
                        Map.entry("parley.assistant.max-reply-chars", "2000"),
                        Map.entry("parley.assistant.max-answer-size", "3MB"),
                        Map.entry("parley.assistant.announce-every", "3s"),
                        Map.entry("parley.assistant.reconnect", "1s"),
                        Map.entry("parley.assistant.drain", "4s"),
                        Map.entry("parley.assistant.drain-end", "6s"),
                        Map.entry("parley.assistant.timeouts.connect", "1s"),
                        Map.entry("parley.assistant.timeouts.first-token", "2s"),
                        Map.entry("parley.assistant.timeouts.next-token", "3s"),
                        Map.entry("parley.assistant.timeouts.after-finish", "4s"),
                        Map.entry("parley.assistant.timeouts.total", "5s"),
                        Map.entry("parley.assistant.publishing.messages-per-second", "20"),
                        Map.entry("parley.assistant.publishing.heartbeat", "7s"),
                        Map.entry("parley.assistant.publishing.confirm-timeout", "15s"),
                        Map.entry("parley.assistant.publishing.resend", "8s"),
                        Map.entry("parley.assistant.publishing.batch-chars", "9000"),
                        Map.entry("parley.assistant.breaker.failures", "9"),
                        Map.entry("parley.assistant.breaker.probe-after", "11s"),
                        Map.entry("parley.assistant.resume.calm", "14s"),
                        Map.entry("parley.assistant.title.timeout", "12s"),
                        Map.entry("parley.assistant.title.max-tokens", "13"),
                        Map.entry("parley.assistant.title.max-prompt-chars", "140"))))
                .isEqualTo(new AssistantProperties(
                        false,
                        500,
                        false,
                        2_000,
                        DataSize.ofMegabytes(3),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(6),
                        new AssistantProperties.Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(5)),
                        new AssistantProperties.Publishing(
                                20, Duration.ofSeconds(7), Duration.ofSeconds(15), Duration.ofSeconds(8), 9_000),
                        new AssistantProperties.Breaker(9, Duration.ofSeconds(11)),
                        new AssistantProperties.Resume(7, Duration.ofSeconds(14)),
                        new AssistantProperties.Title(Duration.ofSeconds(12), 13, 140)));
        assertThat(provider(Map.of(
                        "OPENAI_API_KEY", "k",
                        "OPENAI_BASE_URL", "http://u",
                        "OPENAI_MODEL", "m",
                        "OPENAI_MODELS", "a, b",
                        "OPENAI_CONTEXT_TOKENS", "9000",
                        "OPENAI_MAX_OUTPUT_TOKENS", "100",
                        "parley.assistant.provider.reserved-tokens", "5",
                        "DEMO_BASE_URL", "http://d")))
                .isEqualTo(new ProviderProperties(
                        new ProviderProperties.Secret("k"),
                        "http://u",
                        "m",
                        List.of("a", "b"),
                        9_000,
                        100,
                        5,
                        "http://d"));
    }

    @Test
    void takesABlankVariableForOneThatIsNotSet() throws IOException {
        Map<String, Object> blank = Map.of(
                "RABBITMQ_DECLARE", "",
                "ASSISTANT_CONCURRENCY", "",
                "TITLES", "",
                "RESUME_RATE", "",
                "OPENAI_API_KEY", "",
                "OPENAI_MODELS", "",
                "OPENAI_CONTEXT_TOKENS", "",
                "OPENAI_MAX_OUTPUT_TOKENS", "");
        assertThat(assistant(blank)).isEqualTo(assistant(Map.of()));
        assertThat(provider(blank)).isEqualTo(provider(Map.of()));
    }

    private static AssistantProperties assistant(Map<String, Object> settings) throws IOException {
        return binder(settings).bindOrCreate("parley.assistant", AssistantProperties.class);
    }

    private static ProviderProperties provider(Map<String, Object> settings) throws IOException {
        return binder(settings).bindOrCreate("parley.assistant.provider", ProviderProperties.class);
    }

    private static Binder binder(Map<String, Object> settings) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment.getPropertySources().addFirst(new MapPropertySource("settings", settings));
        new YamlPropertySourceLoader()
                .load("application.yml", new ClassPathResource("application.yml"))
                .forEach(environment.getPropertySources()::addLast);
        return Binder.get(environment);
    }
}
