package chat.parley.bench;

import chat.parley.e2e.stack.StackOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a measurement is told: numbers, and settings that differ from those delivered, so that the same measurement with
 * and without one says what it is worth.
 *
 * @param numbers such as counts of streams
 * @param conversations how many processes of Conversation there are, by {@code conversations=N}; else one
 * @param settings such as {@code assistant:NAME=VALUE}, {@code conversation:NAME=VALUE} and {@code jvm:-XX:+UseZGC}
 */
record Arguments(List<Integer> numbers, int conversations, List<String> settings) {
    private static final String ASSISTANT = "assistant:";
    private static final String CONVERSATION = "conversation:";
    private static final String JVM = "jvm:";
    private static final String CONVERSATIONS = "conversations=";

    private static final Predicate<String> COLLECTOR =
            Pattern.compile("-XX:\\+Use[A-Za-z0-9]+GC").asMatchPredicate();

    /** @throws IllegalArgumentException with a sentence that names what can't be used */
    static Arguments of(List<String> arguments) {
        List<Integer> numbers = new ArrayList<>();
        int conversations = 1;
        List<String> settings = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.matches("[0-9]{1,6}")) {
                numbers.add(Integer.valueOf(argument));
            } else if (argument.matches(CONVERSATIONS + "[1-9]")) {
                conversations = Integer.parseInt(argument.substring(CONVERSATIONS.length()));
            } else if (argument.startsWith(JVM) || argument.matches("(assistant|conversation):[A-Z_]+=.*")) {
                settings.add(argument);
            } else {
                throw new IllegalArgumentException(
                        argument
                                + " is no number, and no conversations=N, assistant:NAME=VALUE, conversation:NAME=VALUE or jvm:OPTION");
            }
        }
        return new Arguments(numbers, conversations, settings);
    }

    /** A stack with these settings, without what is there because a person doesn't ask so fast. */
    StackOptions stack() {
        // Titles would be a second call to the model, beside the next question.
        StackOptions options = StackOptions.standard()
                .assistant("TITLES", "false")
                .conversation("PARLEY_LIVE_FRAMESPERSECOND", "1000000")
                .conversation("PARLEY_LIVE_FRAMEBURST", "1000000")
                .conversation("PARLEY_HISTORY_MESSAGESPERMINUTE", "1000000");
        List<String> jvm = new ArrayList<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (setting.startsWith(JVM)) {
                jvm.add(setting.substring(JVM.length()));
            } else if (setting.startsWith(ASSISTANT)) {
                options =
                        options.assistant(setting.substring(ASSISTANT.length(), equals), setting.substring(equals + 1));
            } else {
                options = options.conversation(
                        setting.substring(CONVERSATION.length(), equals), setting.substring(equals + 1));
            }
        }
        // A JVM takes one collector.
        boolean another = jvm.stream().anyMatch(COLLECTOR);
        Stream<String> inImages = StackOptions.IN_IMAGES.stream().filter(option -> !another || !COLLECTOR.test(option));
        return options.jvm(Stream.concat(inImages, jvm.stream()).toList());
    }
}
