package chat.parley.stub;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the server starts.
 *
 * @param host the address to bind; {@code 127.0.0.1} unless others may come, {@code 0.0.0.0} in a container
 * @param port 0 for any free one
 * @param apiKey the only key that is let in; null lets any in, and none
 * @param behavior what calls get until something else is asked for; it adds to the mode's own
 */
public record StubSettings(
        String host, int port, Mode mode, @Nullable String apiKey, Behavior behavior) {
    /** Where it listens if nothing else is said. */
    public static final int DEFAULT_PORT = 9090;

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final List<String> NAMES =
            List.of("HOST", "PORT", "MODE", "API_KEY", "RATE", "DELAY", "TOKENS", "BEHAVIOR");

    /** Test mode on the loopback address. */
    public static StubSettings test(int port) {
        return new StubSettings(DEFAULT_HOST, port, Mode.TEST, null, Behavior.plain());
    }

    /** Demo mode on the loopback address. */
    public static StubSettings demo(int port) {
        return new StubSettings(DEFAULT_HOST, port, Mode.DEMO, null, Behavior.plain());
    }

    /**
     * Reads {@code STUB_…} variables, and arguments such as {@code --port=9091} or {@code --demo}, which win.
     *
     * @throws IllegalArgumentException with a sentence that names what can't be used
     */
    public static StubSettings from(Map<String, String> environment, String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (String name : NAMES) {
            String value = environment.getOrDefault("STUB_" + name, "").strip();
            if (!value.isEmpty()) {
                given.put(name, value);
            }
        }
        for (String argument : arguments) {
            addArgument(given, argument);
        }
        return new StubSettings(
                given.getOrDefault("HOST", DEFAULT_HOST),
                port(given.getOrDefault("PORT", Integer.toString(DEFAULT_PORT))),
                mode(given.getOrDefault("MODE", "test")),
                given.get("API_KEY"),
                behavior(given));
    }

    private static void addArgument(Map<String, String> given, String argument) {
        if (argument.equals("--demo") || argument.equals("--test")) {
            given.put("MODE", argument.substring(2));
            return;
        }
        int equals = argument.indexOf('=');
        if (argument.startsWith("--") && equals > 0) {
            String name = argument.substring(2, equals).toUpperCase(Locale.ROOT).replace('-', '_');
            if (NAMES.contains(name)) {
                given.put(name, argument.substring(equals + 1));
                return;
            }
        }
        throw new IllegalArgumentException(
                "Unknown argument " + argument
                        + "; there are --demo, --host=, --port=, --mode=, --api-key=, --rate=, --delay=, --tokens=, --behavior=");
    }

    private static int port(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new IllegalArgumentException("STUB_PORT is not a port number: " + value);
    }

    private static Mode mode(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "test" -> Mode.TEST;
            case "demo" -> Mode.DEMO;
            default -> throw new IllegalArgumentException("STUB_MODE is neither test nor demo: " + value);
        };
    }

    private static Behavior behavior(Map<String, String> given) {
        StringBuilder knobs = new StringBuilder(given.getOrDefault("BEHAVIOR", ""));
        for (String name : List.of("RATE", "DELAY", "TOKENS")) {
            String value = given.get(name);
            if (value != null) {
                knobs.append(' ').append(name).append('=').append(value);
            }
        }
        return Behavior.of(knobs.toString());
    }
}
