package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ArchivePropertiesTest {
    static ArchiveProperties with(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("parley.archive", ArchiveProperties.class);
    }

    @Test
    void hasTheseDefaults() {
        assertThat(with(Map.of()))
                .isEqualTo(new ArchiveProperties(
                        2,
                        Duration.ofSeconds(30),
                        DataSize.ofKilobytes(50),
                        4,
                        DataSize.ofMegabytes(4),
                        10_000,
                        100,
                        50_000,
                        DataSize.ofMegabytes(500),
                        200));
    }

    @Test
    void isSetByTheseNames() {
        assertThat(with(Map.of(
                        "parley.archive.imports-at-once", "1",
                        "parley.archive.import-patience", "8s",
                        "parley.archive.import-rate", "9B",
                        "parley.archive.exports-at-once", "10",
                        "parley.archive.conversation-size", "2B",
                        "parley.archive.conversation-messages", "3",
                        "parley.archive.depth", "14",
                        "parley.archive.entries", "5",
                        "parley.archive.unpacked-size", "6B",
                        "parley.archive.notes", "7")))
                .isEqualTo(new ArchiveProperties(
                        1,
                        Duration.ofSeconds(8),
                        DataSize.ofBytes(9),
                        10,
                        DataSize.ofBytes(2),
                        3,
                        14,
                        5,
                        DataSize.ofBytes(6),
                        7));
    }
}
