package chat.parley.conversation.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class SearchPropertiesTest {
    @Test
    void hasTheseDefaults() {
        assertThat(new Binder().bindOrCreate("parley.search", SearchProperties.class))
                .isEqualTo(new SearchProperties(
                        DataSize.ofMegabytes(48),
                        12_000_000,
                        Duration.ofMinutes(10),
                        2,
                        Duration.ofSeconds(12),
                        50,
                        12));
    }

    @Test
    void isSetByTheseNames() {
        Map<String, String> settings = Map.of(
                "parley.search.memory", "1MB",
                "parley.search.text-per-user", "2",
                "parley.search.idle", "3s",
                "parley.search.at-once", "4",
                "parley.search.patience", "5s",
                "parley.search.waiting", "6",
                "parley.search.words", "7");

        assertThat(new Binder(new MapConfigurationPropertySource(settings))
                        .bindOrCreate("parley.search", SearchProperties.class))
                .isEqualTo(new SearchProperties(
                        DataSize.ofMegabytes(1), 2, Duration.ofSeconds(3), 4, Duration.ofSeconds(5), 6, 7));
    }
}
