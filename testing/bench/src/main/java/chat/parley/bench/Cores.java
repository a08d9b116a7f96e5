package chat.parley.bench;

import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Processes.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The processor cores of this machine, and who may run on which; {@code taskset} of Linux says so to each process, and
 * threads that it starts do as it does.
 *
 * @param all by number, at least two
 */
record Cores(List<Integer> all) {
    private static final int TRIES = 5;

    /** @throws IllegalStateException if there is only one */
    Cores {
        if (all.size() < 2) {
            throw new IllegalStateException("This takes two processor cores, and here is one");
        }
    }

    /** Those that this process may use. */
    static Cores ofThisMachine() throws IOException, InterruptedException {
        String said = taskset("-c", "-p", Long.toString(ProcessHandle.current().pid()));
        return of(said.substring(said.lastIndexOf(':') + 1).strip());
    }

    /** Reads a list as Linux writes it, such as {@code 0-2,5}. */
    static Cores of(String list) {
        return new Cores(List.of(list.split(",", -1)).stream()
                .flatMapToInt(range -> {
                    String[] ends = range.split("-", -1);
                    return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
                })
                .boxed()
                .toList());
    }

    /** The processes of a part have the last core, all others that descend from this one, and itself, the rest. */
    void giveTheLastTo(Tier tier) throws IOException, InterruptedException {
        for (var process : Processes.now().each().entrySet()) {
            pin(
                    process.getKey(),
                    process.getValue().tier() == tier ? List.of(all.getLast()) : all.subList(0, all.size() - 1));
        }
    }

    /** All may use all. */
    void shareAll() throws IOException, InterruptedException {
        for (long process : Processes.now().each().keySet()) {
            pin(process, all);
        }
    }

    /** A process may end meanwhile, and so may a thread of it, which {@code taskset} takes for a failure. */
    private static void pin(long process, List<Integer> cores) throws IOException, InterruptedException {
        List<String> numbers = cores.stream().map(String::valueOf).toList();
        for (int tries = 1; Files.exists(Path.of("/proc", Long.toString(process))); tries++) {
            try {
                String _ = taskset("-a", "-c", "-p", String.join(",", numbers), Long.toString(process));
                return;
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static String taskset(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("taskset").redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        Process taskset = builder.start();
        String said = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (taskset.waitFor() != 0) {
            throw new IOException("taskset did not do it: " + said);
        }
        return said;
    }
}
