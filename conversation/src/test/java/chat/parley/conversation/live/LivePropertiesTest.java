package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LivePropertiesTest {
    @Test
    void hasTheseDefaults() {
        assertThat(new Binder().bindOrCreate("parley.live", LiveProperties.class))
                .isEqualTo(new LiveProperties(
                        65_536,
                        16_000,
                        50,
                        200,
                        50,
                        200,
                        256,
                        16_777_216,
                        65_536,
                        16_384,
                        64,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(1)));
    }

    @Test
    void isSetByTheseNames() {
        Map<String, String> settings = Map.ofEntries(
                Map.entry("parley.live.frame-bytes", "2001"),
                Map.entry("parley.live.message-chars", "2"),
                Map.entry("parley.live.frames-per-second", "3"),
                Map.entry("parley.live.frame-burst", "4"),
                Map.entry("parley.live.sockets-per-user", "5"),
                Map.entry("parley.live.subscriptions-per-socket", "6"),
                Map.entry("parley.live.waiting-answers", "7"),
                Map.entry("parley.live.waiting-chars", "18"),
                Map.entry("parley.live.buffer-chars", "8"),
                Map.entry("parley.live.merge-chars", "9"),
                Map.entry("parley.live.page-entries", "10"),
                Map.entry("parley.live.ping-every", "11s"),
                Map.entry("parley.live.silence", "12s"),
                Map.entry("parley.live.write-timeout", "13s"),
                Map.entry("parley.live.close-timeout", "14s"),
                Map.entry("parley.live.check-open", "15s"),
                Map.entry("parley.live.check-idle", "16s"),
                Map.entry("parley.live.tick", "17s"));

        assertThat(new Binder(new MapConfigurationPropertySource(settings))
                        .bindOrCreate("parley.live", LiveProperties.class))
                .isEqualTo(new LiveProperties(
                        2001,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7,
                        18,
                        8,
                        9,
                        10,
                        Duration.ofSeconds(11),
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(13),
                        Duration.ofSeconds(14),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(16),
                        Duration.ofSeconds(17)));
    }
}
