package chat.parley.standalone;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;

/** A setting that someone wrote and that can't be read, in the words of the person who wrote it. */
final class UnreadableSetting {
    /** How our own checks of settings begin. */
    private static final Pattern OURS = Pattern.compile("[A-Z][A-Z0-9]*_[A-Z0-9_]+ ");

    /** How the configuration files name the variable that a property comes from. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::.*)?}");

    private static final Pattern SECRET = Pattern.compile("(?i)key|secret|password");
    private static final Map<Class<?>, String> EXPECTED = Map.of(
            int.class, "a whole number",
            Integer.class, "a whole number",
            boolean.class, "true or false",
            Boolean.class, "true or false",
            Duration.class, "a time such as 30s, 12h or 90d",
            DataSize.class, "a size such as 8MB");

    private UnreadableSetting() {}

    /**
     * Says what is wrong with which setting, and what is expected; never a secret's value.
     *
     * @return empty if it is no setting that made the start fail
     */
    static Optional<String> sentence(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(UnreadableSetting::of)
                .filter(sentence -> sentence != null)
                .reduce((_, deeper) -> deeper);
    }

    private static @Nullable String of(Throwable cause) {
        return switch (cause) {
            case BindValidationException invalid -> invalid(invalid.getValidationErrors());
            case BindException unreadable
            when unreadable.getProperty() != null -> unreadable(unreadable.getProperty(), unreadable);
            case IllegalArgumentException said when namesAVariable(said) -> said.getMessage() + ".";
            default -> null;
        };
    }

    private static String unreadable(ConfigurationProperty property, BindException failure) {
        Object value = failure.getCause() instanceof ConversionFailedException conversion
                ? conversion.getValue()
                : property.getValue();
        Class<?> type = failure.getTarget().getType().resolve(Object.class);
        return named(property, value) + ", and should be " + EXPECTED.getOrDefault(type, "something else") + ".";
    }

    private static @Nullable String invalid(ValidationErrors errors) {
        if (!(errors.getAllErrors().getFirst() instanceof FieldError wrong)) {
            return null;
        }
        ConfigurationPropertyName name = errors.getName().append(kebab(wrong.getField()));
        return property(errors.getBoundProperties(), name)
                .map(property -> named(property, wrong.getRejectedValue()) + ", and " + wrong.getDefaultMessage() + ".")
                .orElse(null);
    }

    private static Optional<ConfigurationProperty> property(
            Set<ConfigurationProperty> bound, ConfigurationPropertyName name) {
        return bound.stream()
                .filter(property -> property.getName().equals(name))
                .findFirst();
    }

    /** The variable and its value, as "NAME is value". */
    private static String named(ConfigurationProperty property, @Nullable Object value) {
        Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(property.getValue()));
        String name = placeholder.matches()
                ? placeholder.group(1)
                : property.getName().toString();
        return SECRET.matcher(name).find() ? name + " can't be read" : name + " is " + value;
    }

    private static String kebab(String field) {
        return field.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static boolean namesAVariable(IllegalArgumentException thrown) {
        return thrown.getMessage() != null && OURS.matcher(thrown.getMessage()).lookingAt();
    }
}
