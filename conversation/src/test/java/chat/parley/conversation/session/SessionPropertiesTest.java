package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SessionPropertiesTest {
    @Test
    void hasTheseDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new SessionProperties(
                        null, Duration.ofDays(400), Duration.ofDays(1), List.of(), List.of(), true));
    }

    @Test
    void isSetByTheseNames() {
        assertThat(bind(Map.of(
                        "parley.session.secret", "0123456789abcdef",
                        "parley.session.lifetime", "2d",
                        "parley.session.renew-after", "3h",
                        "parley.session.trusted-proxies", "10.0.0.1, 10.1.0.0/16",
                        "parley.session.allowed-origins", "https://chat.example.com",
                        "parley.session.guests", "false")))
                .isEqualTo(new SessionProperties(
                        "0123456789abcdef",
                        Duration.ofDays(2),
                        Duration.ofHours(3),
                        List.of("10.0.0.1", "10.1.0.0/16"),
                        List.of("https://chat.example.com"),
                        false));
    }

    @Test
    void takesAnEmptySettingForNone() {
        assertThat(bind(Map.of(
                        "parley.session.secret", "",
                        "parley.session.trusted-proxies", "",
                        "parley.session.allowed-origins", "",
                        "parley.session.guests", "")))
                .isEqualTo(bind(Map.of()));
    }

    @Test
    void refusesASecretThatCouldBeGuessed() {
        assertThatThrownBy(() -> bind(Map.of("parley.session.secret", "short")))
                .hasRootCauseMessage("SESSION_SECRET has at least 16 characters; leave it out to have one made");
    }

    private static SessionProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("parley.session", SessionProperties.class);
    }
}
