package chat.parley.stub;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * How calls are answered: pace, length, fault. Immutable. Written as {@code "delay=50ms rate=20 fail=429 retry-after=7
 * times=2"}, the same in {@link OpenAiStub#behave}, in directives within a message, and, member by member, in JSON.
 */
public final class Behavior {
    private static final Pattern SEPARATOR = Pattern.compile("[\\s,;]+");
    private static final Pattern DIRECTIVE = Pattern.compile("\\[\\[([^\\[\\]]*)]]");
    private static final Behavior NONE = new Behavior(Map.of());

    private final Map<Knob, Object> set;

    private Behavior(Map<Knob, Object> set) {
        this.set = set;
    }

    /** At once, as fast as possible, {@value StubReply#DEFAULT_TOKENS} tokens, no fault. */
    public static Behavior plain() {
        return NONE;
    }

    /**
     * Reads knobs, such as {@code "rate=20 tokens=200"}.
     *
     * @throws IllegalArgumentException with a sentence that names what is not one
     */
    public static Behavior of(String knobs) {
        Behavior behavior = NONE;
        for (String item : items(knobs)) {
            behavior = behavior.withItem(item);
        }
        return behavior;
    }

    /**
     * Reads knobs from a JSON object, such as {@code {"rate":20,"fail":"429","retryAfter":7}}.
     *
     * @throws IllegalArgumentException with a sentence that names what is not one
     */
    static Behavior of(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        Behavior behavior = NONE;
        for (var member : json.properties()) {
            if (member.getValue().isContainer()) {
                throw new IllegalArgumentException("not a plain value: " + member.getKey());
            }
            behavior = behavior.with(member.getKey(), member.getValue().asString());
        }
        return behavior;
    }

    /** Reads the directives in a message, {@code [[tokens=200 fail=hang]]}; what is not understood is ignored. */
    static Behavior inMessage(String text) {
        Behavior behavior = NONE;
        var directives = DIRECTIVE.matcher(text);
        while (directives.find()) {
            for (String item : items(directives.group(1))) {
                try {
                    behavior = behavior.withItem(item);
                } catch (IllegalArgumentException _) {
                    // a message is written by people
                }
            }
        }
        return behavior.without(Knob.CALLS);
    }

    /** The text without its directives. */
    static String withoutDirectives(String text) {
        return DIRECTIVE.matcher(text).replaceAll("");
    }

    /** This, and for what it does not set, the other. */
    Behavior over(Behavior base) {
        Map<Knob, Object> merged = new EnumMap<>(Knob.class);
        merged.putAll(base.set);
        merged.putAll(set);
        return new Behavior(merged);
    }

    Duration delay() {
        return (Duration) value(Knob.DELAY, Duration.ZERO);
    }

    double rate() {
        return (Double) value(Knob.RATE, 0.0);
    }

    int tokens() {
        return (Integer) value(Knob.TOKENS, StubReply.DEFAULT_TOKENS);
    }

    boolean early() {
        return (Boolean) value(Knob.EARLY, false);
    }

    Optional<Fault> fault() {
        return value(Knob.FAIL, Optional.empty()) instanceof Optional<?> fault
                ? fault.map(Fault.class::cast)
                : Optional.empty();
    }

    int after() {
        return (Integer) value(Knob.AFTER, 0);
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable((Duration) set.get(Knob.RETRY_AFTER));
    }

    boolean retryDate() {
        return (Boolean) value(Knob.RETRY_DATE, false);
    }

    int times() {
        return (Integer) value(Knob.TIMES, 0);
    }

    int calls() {
        return (Integer) value(Knob.CALLS, 0);
    }

    Duration refusal() {
        return (Duration) value(Knob.FOR, Duration.ofSeconds(1));
    }

    private Object value(Knob knob, Object ifNotSet) {
        return Objects.requireNonNullElse(set.get(knob), ifNotSet);
    }

    private static List<String> items(String knobs) {
        return SEPARATOR.splitAsStream(knobs).filter(item -> !item.isEmpty()).toList();
    }

    private Behavior withItem(String item) {
        int equals = item.indexOf('=');
        if (equals >= 0) {
            return with(item.substring(0, equals), item.substring(equals + 1));
        }
        // A bare word is a flag or the name of a fault.
        return Knob.named(item).isPresent() ? with(item, "") : with("fail", item);
    }

    private Behavior with(String name, String value) {
        Knob knob = Knob.named(name).orElseThrow(() -> new IllegalArgumentException("unknown knob: " + name));
        try {
            return new Behavior(Map.of(knob, knob.parse(value))).over(this);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is " + e.getMessage(), e);
        }
    }

    private Behavior without(Knob knob) {
        Map<Knob, Object> rest = new EnumMap<>(Knob.class);
        rest.putAll(set);
        rest.remove(knob);
        return new Behavior(rest);
    }

    /** What is set, by name, in words that can be read again. */
    Map<String, Object> describe() {
        Map<String, Object> described = new TreeMap<>();
        set.forEach((knob, value) -> described.put(
                knob.label(),
                switch (value) {
                    case Duration time -> time.toMillis() + "ms";
                    case Optional<?> fault ->
                        fault.map(Fault.class::cast).map(Fault::label).orElse("none");
                    default -> value;
                }));
        return described;
    }

    @Override
    public String toString() {
        return describe().toString();
    }
}
