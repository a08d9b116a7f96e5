package chat.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the processes of a stack have used so far, read from {@code /proc} of Linux; all descend from this one. */
record Processes(Map<Tier, Double> cpuSeconds, Map<Tier, Double> megabytes) {
    private static final double TICKS_PER_SECOND = 100;
    private static final double KILOBYTES_PER_MEGABYTE = 1024;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /** Whose processes they are; the words are those of the command line. */
    enum Tier {
        NGINX("nginx", "nginx"),
        CONVERSATION("Conversation", "conversation.jar"),
        ASSISTANT("Assistant", "assistant.jar"),
        RABBITMQ("RabbitMQ", "beam.smp"),
        REDIS("Redis", "redis-server"),
        MODEL("model stub", "openai-stub.jar"),
        LOAD("load", "");

        final String title;
        private final String words;

        Tier(String title, String words) {
            this.title = title;
            this.words = words;
        }

        /** Whether it is a part of Parley, and not what measures it. */
        boolean isParley() {
            return this != MODEL && this != LOAD;
        }

        private static Tier of(String commandLine) {
            for (Tier tier : values()) {
                if (tier != LOAD && commandLine.contains(tier.words)) {
                    return tier;
                }
            }
            return LOAD;
        }
    }

    /** As it is now. */
    static Processes now() throws IOException {
        Map<Tier, Double> seconds = new EnumMap<>(Tier.class);
        Map<Tier, Double> megabytes = new EnumMap<>(Tier.class);
        ProcessHandle self = ProcessHandle.current();
        List<Long> ids = Stream.concat(Stream.of(self), self.descendants())
                .map(ProcessHandle::pid)
                .toList();
        for (long id : ids) {
            Path proc = Path.of("/proc", Long.toString(id));
            try {
                Tier tier = id == self.pid() ? Tier.LOAD : Tier.of(Files.readString(proc.resolve("cmdline")));
                double used = cpuSeconds(proc);
                double resident = residentMegabytes(proc);
                seconds.merge(tier, used, Double::sum);
                megabytes.merge(tier, resident, Double::sum);
            } catch (IOException e) {
                // One that has just ended has no file any more, or one that can't be read.
                if (Files.exists(proc)) {
                    throw e;
                }
            }
        }
        return new Processes(seconds, megabytes);
    }

    /** The processor time since then. */
    Map<Tier, Double> cpuSecondsSince(Processes before) {
        Map<Tier, Double> used = new EnumMap<>(Tier.class);
        cpuSeconds.forEach(
                (tier, seconds) -> used.put(tier, seconds - before.cpuSeconds().getOrDefault(tier, 0.0)));
        return used;
    }

    private static double cpuSeconds(Path proc) throws IOException {
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
