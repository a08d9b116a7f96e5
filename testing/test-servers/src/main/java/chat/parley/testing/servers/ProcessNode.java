package chat.parley.testing.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server as a child process. */
final class ProcessNode implements Node {
    private static final Duration START_BUDGET = Duration.ofSeconds(90);

    private final String name;
    private final Path folder;
    private final int port;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Probe probe;
    private @Nullable Process process;
    private @Nullable Process watchdog;

    ProcessNode(
            String name, Path folder, int port, List<String> command, Map<String, String> environment, Probe probe) {
        this.name = name;
        this.folder = folder;
        this.port = port;
        this.command = command;
        this.environment = environment;
        this.probe = probe;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public synchronized void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        File output = folder.resolve(name + ".out").toFile();
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
            builder.environment().putAll(environment);
            Process started = builder.start();
            process = started;
            watchdog = watch(started);
            probe.await(port, START_BUDGET, () -> {
                if (!started.isAlive()) {
                    throw new IllegalStateException(name + " ended while starting: " + read(output.toPath()));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + name, e);
        }
    }

    /** Ends the server when this JVM is gone, also by kill -9: then the pipe closes. */
    private static Process watch(Process server) throws IOException {
        String script = "trap '' INT TERM HUP; read -r _; kill -KILL " + server.pid() + " 2>/dev/null";
        return new ProcessBuilder("sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Override
    public synchronized void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroyForcibly();
        // After the server: it would kill by a process id that may be another's by then.
        waitFor(running);
        if (watchdog != null) {
            waitFor(watchdog.destroyForcibly());
        }
        process = null;
    }

    private static void waitFor(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a server was ending", e);
        }
    }

    @Override
    public void pause() {
        signal("STOP");
    }

    @Override
    public void resume() {
        signal("CONT");
    }

    private synchronized void signal(String signal) {
        if (process == null) {
            throw new IllegalStateException(name + " does not run");
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
            waitFor(kill);
            if (kill.exitValue() != 0) {
                throw new IllegalStateException("Cannot send " + signal + " to " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }
}
