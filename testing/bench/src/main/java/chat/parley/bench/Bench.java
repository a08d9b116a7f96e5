package chat.parley.bench;

import chat.parley.e2e.stack.StackOptions;
import java.util.Arrays;
import java.util.List;

/** The measurements by name; {@code script/bench} says what each is. */
public final class Bench {
    private static final List<Integer> STREAMS = List.of(10, 50, 100, 200, 300, 500, 1000);

    private Bench() {}

    /**
     * Runs one.
     *
     * @param arguments its name, and what it takes
     */
    public static void main(String[] arguments) throws Exception {
        List<Integer> numbers =
                Arrays.stream(arguments).skip(1).map(Integer::valueOf).toList();
        switch (arguments[0]) {
            case "first-token" -> FirstToken.run();
            case "streams" -> Streams.run(numbers.isEmpty() ? STREAMS : numbers, 1, 1);
            default -> throw new IllegalArgumentException("There is no measurement " + arguments[0]);
        }
    }

    /** As delivered, but without what is there because a person doesn't ask so fast. */
    static StackOptions options() {
        // Titles would be a second call to the model, beside the next question.
        return StackOptions.standard()
                .assistant("TITLES", "false")
                .conversation("PARLEY_LIVE_FRAMESPERSECOND", "1000000")
                .conversation("PARLEY_LIVE_FRAMEBURST", "1000000")
                .conversation("PARLEY_HISTORY_MESSAGESPERMINUTE", "1000000");
    }
}
