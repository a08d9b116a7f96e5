package chat.parley.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Takes a setting from a file, as Docker and Kubernetes hand out secrets: where the environment has {@code NAME_FILE},
 * {@code NAME} is what stands in the file at that path, as UTF-8 and without one newline at its end. Holds for each
 * variable that a configuration file names; only a file of one that is asked for is read.
 *
 * <p>Asking throws {@link IllegalArgumentException} if the file can't be read, or if {@code NAME} is set as well. It
 * names the setting and the path, never what stands in either.
 */
public final class SecretFiles implements EnvironmentPostProcessor {
    private static final String ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    private static final String SUFFIX = "_FILE";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        PropertySource<?> there = environment.getPropertySources().get(ENVIRONMENT);
        if (there instanceof EnumerablePropertySource<?> variables) {
            // Before them, since a variable that is there but blank is one that is not set.
            environment.getPropertySources().addBefore(ENVIRONMENT, new Contents(variables));
        }
    }

    private static final class Contents extends EnumerablePropertySource<EnumerablePropertySource<?>> {
        Contents(EnumerablePropertySource<?> variables) {
            super("secretFiles", variables);
        }

        @Override
        public String[] getPropertyNames() {
            return Arrays.stream(getSource().getPropertyNames())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .toArray(String[]::new);
        }

        @Override
        public @Nullable Object getProperty(String name) {
            String path = variable(name + SUFFIX);
            if (path.isBlank()) {
                return null;
            }
            if (!variable(name).isBlank()) {
                throw new IllegalArgumentException(name + SUFFIX + " and " + name + " are both set; leave one out");
            }
            return read(name + SUFFIX, path);
        }

        private String variable(String name) {
            Object value = getSource().getProperty(name);
            return value == null ? "" : value.toString();
        }

        private static String read(String setting, String path) {
            try {
                return withoutNewline(Files.readString(Path.of(path)));
            } catch (IOException e) {
                // Without its cause: Spring Boot tells people the innermost one alone, and that names no setting.
                throw new IllegalArgumentException(setting + " is " + path + ", which can't be read: " + reason(e));
            }
        }

        private static String withoutNewline(String text) {
            int end = text.length();
            if (text.endsWith("\n")) {
                end -= text.endsWith("\r\n") ? 2 : 1;
            }
            return text.substring(0, end);
        }

        private static @Nullable String reason(IOException e) {
            return switch (e) {
                case NoSuchFileException _ -> "there is no such file";
                case AccessDeniedException _ -> "the user of this process may not read it";
                case CharacterCodingException _ -> "it is no text in UTF-8";
                default -> e.getMessage();
            };
        }
    }
}
