package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class HistoryPropertiesTest {
    @Test
    void hasTheseDefaults() {
        assertThat(Settings.of())
                .isEqualTo(new HistoryProperties(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(10),
                        Duration.ofHours(24),
                        5,
                        20,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        Duration.ofDays(90),
                        100,
                        120,
                        null,
                        null,
                        null,
                        Duration.ofSeconds(2),
                        10_000,
                        DataSize.ofMegabytes(200),
                        75,
                        DataSize.ofKilobytes(256),
                        60,
                        Duration.ofSeconds(1),
                        null,
                        true,
                        1000,
                        null));
    }

    @Test
    void hasTheseNames() {
        assertThat(Settings.of(
                        "command-timeout", "1ms",
                        "start-wait", "19ms",
                        "outbox-lease", "2ms",
                        "lease", "3ms",
                        "lease-cut", "4ms",
                        "young-lease-cut", "5ms",
                        "longest-way", "6ms",
                        "keep-log", "7ms",
                        "deadline", "8ms",
                        "strikes", "9",
                        "seen-again", "10",
                        "first-backoff", "11ms",
                        "longest-backoff", "12ms",
                        "tombstone", "13ms",
                        "max-waiting", "14",
                        "messages-per-minute", "15",
                        "daily-tokens", "21",
                        "daily-tokens-total", "22",
                        "daily-tokens-guests", "23",
                        "budget-look", "24ms",
                        "conversations-per-user", "25",
                        "imported-per-day", "26B",
                        "imported-up-to", "27",
                        "question-size", "28B",
                        "title-chars", "16",
                        "send-again-after", "17ms",
                        "replies-per-user", "20",
                        "share-links", "false",
                        "links-per-user", "29",
                        "retention", "18ms"))
                .isEqualTo(new HistoryProperties(
                        Duration.ofMillis(1),
                        Duration.ofMillis(19),
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        Duration.ofMillis(4),
                        Duration.ofMillis(5),
                        Duration.ofMillis(6),
                        Duration.ofMillis(7),
                        Duration.ofMillis(8),
                        9,
                        10,
                        Duration.ofMillis(11),
                        Duration.ofMillis(12),
                        Duration.ofMillis(13),
                        14,
                        15,
                        21L,
                        22L,
                        23L,
                        Duration.ofMillis(24),
                        25,
                        DataSize.ofBytes(26),
                        27,
                        DataSize.ofBytes(28),
                        16,
                        Duration.ofMillis(17),
                        20,
                        false,
                        29,
                        Duration.ofMillis(18)));
    }
}
