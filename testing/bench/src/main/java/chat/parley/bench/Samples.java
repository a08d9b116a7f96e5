package chat.parley.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the threads of a JVM were, each time after the same processor time.
 *
 * @param stacks what called what, as {@code package.Class.method}, the innermost first; at least one each
 */
record Samples(List<List<String>> stacks) {
    private static final String EVENT = "jdk.CPUTimeSample";
    private static final Pattern JDK = Pattern.compile("(java|javax|jdk|sun|com\\.sun)\\..*");
    private static final Pattern LIBRARY = Pattern.compile("((?:[a-z0-9_]+\\.){1,3}).*");
    private static final String OWN = "chat.parley.";

    /** Reads what JDK Flight Recorder wrote; a sample whose stack it could not walk is left out. */
    static Samples read(Path recording) throws IOException {
        List<List<String>> stacks = new ArrayList<>();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                var event = file.readEvent();
                RecordedStackTrace stack = event.getStackTrace();
                if (event.getEventType().getName().equals(EVENT)
                        && stack != null
                        && !stack.getFrames().isEmpty()) {
                    stacks.add(stack.getFrames().stream().map(Samples::name).toList());
                }
            }
        }
        return new Samples(stacks);
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    /** Which library's work it was, as a share of all: what the JDK does is the work of who called it. */
    Map<String, Double> byLibrary() {
        return shares(Samples::library);
    }

    /** Which of our methods called for it, as a share of all. */
    Map<String, Double> byOwnMethod() {
        return shares(Samples::ownMethod);
    }

    private Map<String, Double> shares(Function<List<String>, String> of) {
        return stacks.stream().collect(Collectors.groupingBy(of, Collectors.summingDouble(_ -> 1.0 / stacks.size())));
    }

    /** The packages of the innermost method that is none of the JDK's, up to three of them. */
    private static String library(List<String> stack) {
        return stack.stream()
                .filter(method -> !JDK.matcher(method).matches())
                .map(method -> LIBRARY.matcher(method).replaceFirst("$1"))
                .map(packages -> packages.replaceFirst("\\.$", ""))
                .findFirst()
                .orElse("JDK");
    }

    private static String ownMethod(List<String> stack) {
        return stack.stream()
                .filter(method -> method.startsWith(OWN))
                .map(method -> method.replaceFirst("^.*\\.(?=[A-Z])", ""))
                .findFirst()
                .orElse("none of ours");
    }
}
