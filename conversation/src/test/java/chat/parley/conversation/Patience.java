package chat.parley.conversation;

import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** No pause of the machine may end what a test waits for. JUnit finds this by itself, for each class. */
public final class Patience implements BeforeAllCallback {
    /** One stall of the disk would fail a call otherwise: the store writes each change through to it. */
    public static final String COMMAND_TIMEOUT = "20s";

    /** Settings of a service, unless a test is about them. */
    public static final Map<String, String> SETTINGS = Map.of(
            "parley.history.command-timeout",
            COMMAND_TIMEOUT,
            "spring.data.redis.timeout",
            COMMAND_TIMEOUT,
            // The worker of a test has no heartbeat; one that is to be lost has a lease of its own.
            "parley.history.lease",
            "1h");

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    }
}
