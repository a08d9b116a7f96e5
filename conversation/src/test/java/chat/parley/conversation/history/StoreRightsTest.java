package chat.parley.conversation.history;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.servers.Deployed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The user that {@code docker-compose.yml} makes on Redis has the commands that the code has, and no others. A missing
 * one would be found only by whoever comes to the place where it is needed.
 */
class StoreRightsTest {
    private static final Pattern IN_SCRIPT = Pattern.compile("redis\\.p?call\\('(\\w+)'");
    private static final Pattern IN_JAVA = Pattern.compile("(?:commands|sync|async)\\(\\)\\s*\\.(\\w+)\\(");
    /** Of the health check of the container, and of Spring Boot's. */
    private static final List<String> CHECKS = List.of("ping", "info");

    @Test
    void areThoseOfTheCommandsInTheCode() {
        Set<String> used = new TreeSet<>(CHECKS);
        Arrays.stream(Script.values()).forEach(script -> used.addAll(found(IN_SCRIPT, script.text())));
        sources().forEach(source -> used.addAll(found(IN_JAVA, source)));

        assertThat(Deployed.redisArguments().stream()
                        .dropWhile(argument -> !argument.equals("conversation"))
                        .filter(argument -> argument.startsWith("+"))
                        .map(argument -> argument.substring(1)))
                .containsExactlyInAnyOrderElementsOf(used);
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1).toLowerCase(Locale.ROOT))
                // Lettuce's name of a variant of the same command.
                .map(command -> command.replace("withscores", ""))
                .collect(toCollection(TreeSet::new));
    }

    private static Stream<String> sources() {
        try (Stream<Path> files = Files.list(Path.of("src/main/java/chat/parley/conversation/history"))) {
            return files.map(StoreRightsTest::read).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
