package chat.parley.bench;

import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pauses of some services' garbage collectors from now on, as their JVMs log them. */
final class PauseLog {
    /** With phases, because ZGC has its pauses there. The file is not to be rotated. */
    private static final String OPTION = "-Xlog:gc,gc+phases:file=gc-%p.log::filecount=0";

    /** With a comma where the language of the machine has one. */
    private static final Pattern PAUSE = Pattern.compile(".*\\bPause .* ([0-9]+)[.,]([0-9]{3})ms");

    private static final long MICROS_PER_MILLISECOND = 1000;
    private static final long NANOS_PER_MICROSECOND = 1000;

    private final long began = System.nanoTime();
    /** How many pauses each file had. */
    private final Map<Path, Integer> before = new LinkedHashMap<>();

    /**
     * Begins to look.
     *
     * @param folder of the stack, which was started with the options of {@link #in}
     */
    PauseLog(Path folder, List<ProcessPart> services) throws IOException {
        for (ProcessPart service : services) {
            Path file = folder.resolve("gc-" + service.pid() + ".log");
            before.put(file, pauses(Files.readAllLines(file)).size());
        }
    }

    /** Has all Java processes of a stack log their pauses. */
    static StackOptions in(StackOptions options) {
        return options.jvm(
                Stream.concat(options.jvm().stream(), Stream.of(OPTION)).toList());
    }

    /** The pauses until now. */
    Pauses untilNow() throws IOException {
        Duration within = Duration.ofNanos(System.nanoTime() - began);
        List<Duration> each = new ArrayList<>();
        for (Map.Entry<Path, Integer> file : before.entrySet()) {
            List<Duration> all = pauses(Files.readAllLines(file.getKey()));
            each.addAll(all.subList(file.getValue(), all.size()));
        }
        return new Pauses(each, before.size(), within);
    }

    /** Those that a log tells. */
    static List<Duration> pauses(List<String> log) {
        return log.stream()
                .map(PAUSE::matcher)
                .filter(Matcher::matches)
                .map(pause -> Duration.ofNanos(NANOS_PER_MICROSECOND
                        * (MICROS_PER_MILLISECOND * Long.parseLong(pause.group(1)) + Long.parseLong(pause.group(2)))))
                .toList();
    }
}
