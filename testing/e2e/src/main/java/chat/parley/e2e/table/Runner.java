package chat.parley.e2e.table;

import chat.parley.e2e.Pace;
import chat.parley.e2e.Recovery;
import chat.parley.e2e.Scene;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import chat.parley.e2e.stack.StackOptions.Kind;
import chat.parley.e2e.table.Row.Trait;
import chat.parley.events.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs rows, each on a healthy stack; rows that need the same stack share one as long as they pass. */
final class Runner implements AutoCloseable {
    private static final int LOG_LINES = 200;

    private final String commit;
    private final Pace pace;
    private final Path folder;
    private final List<Result> results = new ArrayList<>();
    private @Nullable Stack stack;

    /**
     * Makes one.
     *
     * @param commit what the results are said to be of
     * @param folder where the logs of failed rows go
     */
    Runner(String commit, Pace pace, Path folder) {
        this.commit = commit;
        this.pace = pace;
        this.folder = folder;
    }

    /** Runs one row once. */
    Result run(Row row, long seed) {
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        if (row.is(Trait.ROOT) && !System.getProperty("user.name").equals("root")) {
            return add(result(row, seed, at, Duration.ZERO, null, "needs to be root", List.of(), Map.of()));
        }
        if (row.is(Trait.REAL_TIME) && pace == Pace.SHRUNK) {
            return add(result(row, seed, at, Duration.ZERO, null, "only at its real length", List.of(), Map.of()));
        }
        Stack healthy = healthyStack(row.options().apply(pace));
        long start = System.nanoTime();
        @Nullable String error = null;
        List<Recovery> recoveries = List.of();
        Map<String, Long> counts = Map.of();
        try (Scene scene = new Scene(healthy, pace, new Random(seed))) {
            try {
                row.body().run(scene);
            } finally {
                recoveries = scene.recoveries();
                counts = scene.counts();
            }
        } catch (Exception | AssertionError e) {
            error = e.toString();
            keepLogs(row, at, e, healthy);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        error = error == null ? heal(row, at, healthy) : error;
        if (error != null) {
            closeStack();
        }
        return add(result(row, seed, at, took, error, null, recoveries, counts));
    }

    private Result result(
            Row row,
            long seed,
            Instant at,
            Duration took,
            @Nullable String error,
            @Nullable String notRun,
            List<Recovery> recoveries,
            Map<String, Long> counts) {
        return new Result(row.number(), row.name(), commit, pace, seed, at, took, error, notRun, recoveries, counts);
    }

    private Result add(Result result) {
        results.add(result);
        return result;
    }

    /** All that were run by this runner. */
    List<Result> results() {
        return results;
    }

    private Stack healthyStack(StackOptions options) {
        if (stack != null && stack.options().equals(options)) {
            return stack;
        }
        closeStack();
        Stack started = Stack.start(options);
        stack = started;
        awaitConsumers(started);
        return started;
    }

    /** I8: everything that was there before is there again, and nothing else; what is wrong, or null. */
    private @Nullable String heal(Row row, Instant at, Stack healthy) {
        try {
            healthy.heal();
            healthy.model().reset();
            awaitConsumers(healthy);
            Scene.await(
                    "that no socket is left", () -> sockets(healthy).stream().allMatch(count -> count == 0));
            return null;
        } catch (RuntimeException | AssertionError e) {
            keepLogs(row, at, e, healthy);
            return "I8, afterwards: " + e + "; consumers " + healthy.backstage().consumers() + ", sockets "
                    + sockets(healthy);
        }
    }

    /** How many connections each Conversation holds with browsers. */
    private static List<Integer> sockets(Stack stack) {
        return IntStream.range(0, stack.conversations().size())
                .mapToObj(stack::sockets)
                .toList();
    }

    /**
     * Of consumers that take turns the broker counts the one that has it. A worker whose breaker has opened takes one
     * request at a time until one was answered.
     */
    private static void awaitConsumers(Stack healthy) {
        StackOptions options = healthy.options();
        int calls = Integer.parseInt(options.of(Kind.ASSISTANT).getOrDefault("ASSISTANT_CONCURRENCY", "64"));
        Scene.await(
                "every consumer, and no other",
                () -> healthy.backstage().consumers().entrySet().stream().allMatch(queue -> switch (queue.getKey()) {
                    case Topology.REQUEST_QUEUE ->
                        queue.getValue() >= options.assistants() && queue.getValue() <= calls * options.assistants();
                    case Topology.DEAD_QUEUE -> queue.getValue() == options.conversations();
                    default -> queue.getValue() == 1;
                }));
    }

    private void keepLogs(Row row, Instant at, Throwable cause, Stack broken) {
        try {
            String name = row.number() + "-" + row.name() + "-" + at.getEpochSecond();
            Path file = Files.createDirectories(folder).resolve(name + ".log");
            StringBuilder text = new StringBuilder();
            for (Throwable one = cause; one != null; one = one.getCause()) {
                text.append(one).append('\n');
                for (StackTraceElement element : one.getStackTrace()) {
                    text.append("  at ").append(element).append('\n');
                }
            }
            Files.writeString(file, text + broken.logs(LOG_LINES));
            broken.dumpThreads(folder, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeStack() {
        if (stack != null) {
            stack.close();
            stack = null;
        }
    }

    @Override
    public void close() {
        closeStack();
    }
}
