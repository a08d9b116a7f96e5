package chat.parley.e2e.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The processor time of each thread of a process so far, read from {@code /proc} of Linux.
 *
 * @param each by thread id
 */
public record ThreadTimes(Map<Long, Use> each) {
    private static final String COMPILERS = "compilers";
    private static final String COLLECTORS = "garbage collector";
    private static final String OTHERS = "the JVM's own";

    /** Kinds of threads that run no Java. */
    public static final Set<String> OF_THE_JVM = Set.of(COMPILERS, COLLECTORS, OTHERS);

    /** What a JVM calls its threads for compiling, collecting garbage and the rest; Linux keeps 15 characters. */
    private static final Pattern COMPILER = Pattern.compile("C[12] CompilerThre.*");

    private static final Pattern COLLECTOR = Pattern.compile("(GC Thread|G1 |VM Thread).*");
    private static final Pattern OTHER =
            Pattern.compile("(JFR |VM Periodic|Signal Dispatch|Service Thread|Monitor Deflati|Attach Listener).*");
    private static final Pattern NUMBER = Pattern.compile("[-# ]*[0-9].*");

    /**
     * What one thread has used.
     *
     * @param kind its name without a number, or what all threads do that are like it
     * @param cpuSeconds since it was started
     */
    public record Use(String kind, double cpuSeconds) {}

    /** Those of a process, now. */
    public static ThreadTimes of(long process) throws IOException {
        Map<Long, Use> each = new HashMap<>();
        for (Path thread : threads(process)) {
            try {
                String name = Files.readString(thread.resolve("comm")).strip();
                each.put(
                        Long.valueOf(thread.getFileName().toString()),
                        new Use(kind(name), Processes.cpuSeconds(thread)));
            } catch (IOException e) {
                // One that has just ended has no file any more, or one that can't be read.
                if (Files.exists(thread)) {
                    throw e;
                }
            }
        }
        return new ThreadTimes(each);
    }

    private static List<Path> threads(long process) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process), "task"))) {
            return threads.toList();
        }
    }

    /** Seconds of each kind since then; those of a thread that ended meanwhile are not in it. */
    public Map<String, Double> since(ThreadTimes before) {
        Map<String, Double> used = new TreeMap<>();
        each.forEach((id, use) -> {
            Use then = before.each().get(id);
            used.merge(use.kind(), use.cpuSeconds() - (then == null ? 0 : then.cpuSeconds()), Double::sum);
        });
        return used;
    }

    static String kind(String name) {
        if (COMPILER.matcher(name).matches()) {
            return COMPILERS;
        }
        if (COLLECTOR.matcher(name).matches()) {
            return COLLECTORS;
        }
        if (OTHER.matcher(name).matches()) {
            return OTHERS;
        }
        return NUMBER.matcher(name).replaceFirst("");
    }
}
