package chat.parley.testing.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/**
 * RabbitMQ and Redis as {@code docker-compose.yml} has them: with the users that are given there, their rights, and no
 * one else. Read from the very files that it runs.
 */
public final class Deployed {
    /** Someone who may sign in. */
    public record User(String name, String password) {}

    /** Conversation, on both. Its password has what would end a text in JSON, in a shell, or in Redis' settings. */
    public static final User CONVERSATION = new User("conversation", "c\"o\\n&v$1'~#");
    /** Assistant, on RabbitMQ alone. */
    public static final User ASSISTANT = new User("assistant", "a\"s\\s&i$2'~#");

    private static final Map<String, String> VARIABLES = Map.of(
            "RABBITMQ_PASSWORD", CONVERSATION.password(),
            "ASSISTANT_RABBITMQ_PASSWORD", ASSISTANT.password(),
            "REDIS_PASSWORD", CONVERSATION.password());
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+):-([^}]*)}");

    private Deployed() {}

    /** What follows {@code redis-server} in its command, an argument each. */
    public static List<String> redisArguments() {
        List<?> command = (List<?>) in(service("redis"), "command");
        return command.stream().skip(1).map(Deployed::filledIn).toList();
    }

    /** What a variable is in the environment of a service, filled in. */
    static String variable(String service, String name) {
        return filledIn(in((Map<?, ?>) in(service(service), "environment"), name));
    }

    /** The folder that compose mounts into the container of RabbitMQ. */
    static Path rabbitFolder() {
        return project().resolve("deploy/rabbitmq");
    }

    private static Map<?, ?> service(String name) {
        try {
            Map<?, ?> file = new Yaml().load(Files.readString(project().resolve("docker-compose.yml")));
            return (Map<?, ?>) in((Map<?, ?>) in(file, "services"), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object in(Map<?, ?> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    /** As compose does it with such variables. */
    private static String filledIn(Object text) {
        return VARIABLE.matcher(text.toString()).replaceAll(found -> {
            String name = found.group(1);
            return Matcher.quoteReplacement(VARIABLES.getOrDefault(name, found.group(2)));
        });
    }

    /** Tests run in the folders of their modules. */
    private static Path project() {
        for (@Nullable Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("docker-compose.yml"))) {
                return at;
            }
        }
        throw new IllegalStateException("There is no docker-compose.yml here or above");
    }
}
