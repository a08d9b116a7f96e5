package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ReplyPropertiesTest {
    /** Takes pairs of a name under {@code parley.reply} and a value; what is not named has its default. */
    static ReplyProperties settings(String... pairs) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        for (int i = 0; i < pairs.length; i += 2) {
            source.put("parley.reply." + pairs[i], pairs[i + 1]);
        }
        return new Binder(source).bindOrCreate("parley.reply", ReplyProperties.class);
    }

    @Test
    void haveTheseDefaults() {
        assertThat(settings())
                .isEqualTo(new ReplyProperties(
                        true,
                        Duration.ofMillis(200),
                        Duration.ofSeconds(30),
                        64,
                        Duration.ofSeconds(1),
                        DataSize.ofKilobytes(256),
                        2,
                        Duration.ofMillis(250),
                        200,
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        Duration.ofHours(1),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        200,
                        20,
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(1),
                        1000,
                        DataSize.ofMegabytes(32)));
    }

    @Test
    void takeABlankVariableForOneThatIsNotSet() {
        assertThat(settings("resume-rate", "")).isEqualTo(settings());
    }

    @Test
    void haveTheseNames() {
        assertThat(settings(
                        "declare", "false",
                        "reconnect", "2ms",
                        "confirm-timeout", "3ms",
                        "max-publishes", "4",
                        "publish-wait", "5ms",
                        "request-text", "6B",
                        "solo-from", "7",
                        "sweep-every", "8ms",
                        "resume-rate", "9",
                        "trim-every", "10ms",
                        "expire-every", "11ms",
                        "admit-every", "28ms",
                        "reclaim-every", "29ms",
                        "retain-every", "27ms",
                        "reap-every", "12ms",
                        "reap-from", "26ms",
                        "check-again-after", "13ms",
                        "young", "14ms",
                        "prefetch", "15",
                        "batch", "16",
                        "retry-apply", "17ms",
                        "share-after", "18ms",
                        "stop-budget", "19ms",
                        "abort-every", "20ms",
                        "worker-silence", "21ms",
                        "probe-every", "30ms",
                        "give-back-after", "31ms",
                        "send-away-after", "32ms",
                        "queues-every", "22ms",
                        "lost-after", "23ms",
                        "overtaken-by", "24ms",
                        "dead-letters", "25",
                        "dead-letter-bodies", "28B"))
                .isEqualTo(new ReplyProperties(
                        false,
                        Duration.ofMillis(2),
                        Duration.ofMillis(3),
                        4,
                        Duration.ofMillis(5),
                        DataSize.ofBytes(6),
                        7,
                        Duration.ofMillis(8),
                        9,
                        Duration.ofMillis(10),
                        Duration.ofMillis(11),
                        Duration.ofMillis(28),
                        Duration.ofMillis(29),
                        Duration.ofMillis(27),
                        Duration.ofMillis(12),
                        Duration.ofMillis(26),
                        Duration.ofMillis(13),
                        Duration.ofMillis(14),
                        15,
                        16,
                        Duration.ofMillis(17),
                        Duration.ofMillis(18),
                        Duration.ofMillis(30),
                        Duration.ofMillis(31),
                        Duration.ofMillis(32),
                        Duration.ofMillis(19),
                        Duration.ofMillis(20),
                        Duration.ofMillis(21),
                        Duration.ofMillis(22),
                        Duration.ofMillis(23),
                        Duration.ofMillis(24),
                        25,
                        DataSize.ofBytes(28)));
    }
}
