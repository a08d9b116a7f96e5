package chat.parley.conversation.session;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who may ask, and for how long.
 *
 * @param secret signs the cookie; if there is none, the replicas make one and keep it in Redis
 * @param lifetime how long a session lasts after its last renewal; browsers keep no cookie for longer than 400 days
 * @param renewAfter a session older than this is renewed by whatever call comes with it
 * @param trustedProxies addresses and networks ({@code 10.0.0.0/8}) whose {@code X-Forwarded-Proto} is believed
 * @param allowedOrigins pages on other hosts that may use this server, as {@code https://chat.example.com}
 * @param guests whether people may use this server without signing in ({@code GUESTS})
 */
@Validated
@ConfigurationProperties("parley.session")
record SessionProperties(
        @Nullable String secret,
        @DefaultValue("400d") Duration lifetime,
        @DefaultValue("1d") Duration renewAfter,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("true") Boolean guests) {
    /** A shorter secret could be guessed from a cookie that it signed. */
    private static final int SHORTEST_SECRET = 16;

    SessionProperties {
        secret = secret == null || secret.isBlank() ? null : secret.strip();
        if (secret != null && secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "SESSION_SECRET has at least " + SHORTEST_SECRET + " characters; leave it out to have one made");
        }
        trustedProxies = present(trustedProxies);
        allowedOrigins = present(allowedOrigins);
        if (!lifetime.isPositive() || renewAfter.isNegative()) {
            throw new IllegalArgumentException("A session lasts for some time");
        }
    }

    private static List<String> present(List<String> list) {
        return list.stream().map(String::strip).filter(one -> !one.isEmpty()).toList();
    }
}
