package chat.parley.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Where something was measured, and of what.
 *
 * @param cores that this JVM may use
 * @param cpu the processor's model
 * @param memoryMegabytes all that the machine has
 * @param kernel name, version and architecture of the operating system
 * @param jdk the version of the JDK that runs the bench and the services
 * @param load processes that ran or wanted to, on average of the last minute, when the measurement began
 * @param commit of the working folder, with {@code -dirty} if something in it is not committed
 */
public record Machine(
        int cores, String cpu, long memoryMegabytes, String kernel, String jdk, double load, String commit) {
    private static final String UNKNOWN = "unknown";
    private static final long KILOBYTES_PER_MEGABYTE = 1024;

    /** This one. */
    static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                value(read(Path.of("/proc/cpuinfo")), "model name"),
                megabytes(value(read(Path.of("/proc/meminfo")), "MemTotal")),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.version().toString(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                headCommit());
    }

    /** The value in the first line {@code NAME : VALUE} of these; {@code unknown} if there is none. */
    static String value(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.matches(name + "\\s*:.*"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse(UNKNOWN);
    }

    /** What Linux calls {@code 24681948 kB}; 0 if that is not a number. */
    static long megabytes(String kilobytes) {
        String digits = kilobytes.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) / KILOBYTES_PER_MEGABYTE;
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of(); // only Linux has it
        }
    }

    private static String headCommit() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=10")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return said.isEmpty() ? UNKNOWN : said;
        } catch (IOException _) {
            return UNKNOWN; // no git
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d cores (%s), %d MB, %s, JDK %s, load %.1f before, commit %s",
                cores,
                cpu,
                memoryMegabytes,
                kernel,
                jdk,
                load,
                commit);
    }
}
