package chat.parley.standalone;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The built jar as a process of its own, as a person starts it. Killed at the end of the test that started it. */
final class ParleyProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "standalone.jar").toAbsolutePath();
    /** A training run takes minutes on a slow machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Process process;
    private final Path data;
    private final Path output;
    private final int port;

    private ParleyProcess(Process process, Path data, Path output, int port) {
        this.process = process;
        this.data = data;
        this.output = output;
        this.port = port;
    }

    /** Starts it; it may not be ready yet, and may never be. */
    static ParleyProcess start(Path data, int port) throws IOException {
        return start(data, port, Map.of());
    }

    /** @param settings variables of its environment, beside those that each has */
    static ParleyProcess start(Path data, int port, Map<String, String> settings) throws IOException {
        Path output = Files.createTempFile(data.getParent(), "parley", ".log");
        List<String> command = new ArrayList<>(listeningToCtrlC());
        command.addAll(java("-jar", JAR.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("OPENAI") || name.startsWith("SPRING"));
        environment.putAll(Map.of("SERVER_PORT", Integer.toString(port), "DATA_DIR", data.toString()));
        environment.putAll(settings);
        return new ParleyProcess(builder.start(), data, output, port);
    }

    /**
     * Has a JVM of the same kind make its cache of a training run; returns when that has ended.
     *
     * @return its exit value
     */
    static int train(Path cache, Path data) throws IOException, InterruptedException {
        List<String> command = java(
                "-XX:AOTCacheOutput=" + cache, "-cp", JAR.toString(), TrainingRun.class.getName(), data.toString());
        Process training = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return training.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) ? training.exitValue() : -1;
        } finally {
            training.destroyForcibly();
        }
    }

    private static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Tests that were started in the background ignore SIGINT, and so would a Java program that they start. */
    private static List<String> listeningToCtrlC() {
        return Files.exists(Path.of("/proc/self/status")) ? List.of("env", "--default-signal=INT") : List.of();
    }

    ParleyProcess awaitReady() {
        await().atMost(PATIENCE).until(() -> !process.isAlive() || output().contains("Parley is ready"));
        if (!process.isAlive()) {
            throw new AssertionError("Parley ended with " + process.exitValue() + ":\n" + output());
        }
        return this;
    }

    URI url() {
        return URI.create("http://localhost:" + port);
    }

    /** All that it printed so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** @param name of the signal, such as INT */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("Parley does not end:\n" + output());
        }
        return process.exitValue();
    }

    /** The store's server that runs in the data folder, if one does. */
    Optional<ProcessHandle> store() throws IOException {
        Path pidFile = data.resolve("redis").resolve("redis.pid");
        return Files.exists(pidFile)
                ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                        .filter(EmbeddedStore::runs)
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        kill();
        store().ifPresent(ProcessHandle::destroyForcibly);
    }
}
