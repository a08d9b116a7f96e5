package chat.parley.e2e.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the processes of a stack have used so far, read from {@code /proc} of Linux; all descend from this one.
 *
 * @param each by process id
 */
public record Processes(Map<Long, Use> each) {
    private static final double TICKS_PER_SECOND = 100;
    private static final double KILOBYTES_PER_MEGABYTE = 1024;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /** Whose processes they are; of a Java process the jar says it, of others the program. */
    public enum Tier {
        NGINX("nginx", "nginx"),
        CONVERSATION("Conversation", "conversation.jar"),
        ASSISTANT("Assistant", "assistant.jar"),
        RABBITMQ("RabbitMQ", "beam.smp"),
        REDIS("Redis", "redis-server"),
        MODEL("model stub", "openai-stub.jar"),
        LOAD("load", "");

        private final String title;
        private final String runs;

        Tier(String title, String runs) {
            this.title = title;
            this.runs = runs;
        }

        /** As reports call it. */
        public String title() {
            return title;
        }

        /** Whether it is a part of Parley, and not what measures it. */
        public boolean isParley() {
            return this != MODEL && this != LOAD;
        }

        /**
         * Whose it is.
         *
         * @param commandLine as Linux has it: each argument ends with a zero
         */
        static Tier of(String commandLine) {
            String runs = whatRuns(List.of(commandLine.split("\0", -1)));
            return Arrays.stream(values())
                    .filter(tier -> tier.runs.equals(runs))
                    .findFirst()
                    .orElse(LOAD);
        }

        private static String whatRuns(List<String> command) {
            String program = fileName(command.getFirst());
            if (program.equals("java")) {
                int jar = command.indexOf("-jar") + 1;
                return 0 < jar && jar < command.size() ? fileName(command.get(jar)) : program;
            }
            // These two write what they do where their arguments were.
            if (command.getFirst().startsWith("nginx: ")) {
                return NGINX.runs;
            }
            return program.startsWith(REDIS.runs + " ") ? REDIS.runs : program;
        }

        private static String fileName(String path) {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /**
     * What one process has used.
     *
     * @param cpuSeconds since it was started
     * @param megabytes resident now
     */
    public record Use(Tier tier, double cpuSeconds, double megabytes) {}

    /** As it is now. */
    public static Processes now() throws IOException {
        Map<Long, Use> each = new HashMap<>();
        ProcessHandle self = ProcessHandle.current();
        List<Long> ids = Stream.concat(Stream.of(self), self.descendants())
                .map(ProcessHandle::pid)
                .toList();
        for (long id : ids) {
            Path proc = Path.of("/proc", Long.toString(id));
            try {
                Tier tier = id == self.pid() ? Tier.LOAD : Tier.of(Files.readString(proc.resolve("cmdline")));
                each.put(id, new Use(tier, cpuSeconds(proc), residentMegabytes(proc)));
            } catch (IOException e) {
                // One that has just ended has no file any more, or one that can't be read.
                if (Files.exists(proc)) {
                    throw e;
                }
            }
        }
        return new Processes(each);
    }

    /** The processor time since then; that of a process that ended meanwhile is not in it. */
    public Map<Tier, Double> cpuSecondsSince(Processes before) {
        Map<Tier, Double> used = new EnumMap<>(Tier.class);
        each.forEach((id, use) -> {
            Use then = before.each().get(id);
            used.merge(use.tier(), use.cpuSeconds() - (then == null ? 0 : then.cpuSeconds()), Double::sum);
        });
        return used;
    }

    /** What is resident. */
    public Map<Tier, Double> megabytes() {
        Map<Tier, Double> resident = new EnumMap<>(Tier.class);
        each.values().forEach(use -> resident.merge(use.tier(), use.megabytes(), Double::sum));
        return resident;
    }

    /**
     * The processor time since its start.
     *
     * @param proc folder of a process, or of one of its threads
     */
    static double cpuSeconds(Path proc) throws IOException {
        String stat = Files.readString(proc.resolve("stat"));
        // The name, in parentheses, may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
    }

    private static double residentMegabytes(Path proc) throws IOException {
        return Files.readAllLines(proc.resolve("status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                / KILOBYTES_PER_MEGABYTE;
    }
}
