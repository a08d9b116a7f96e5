package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process that this JVM starts and ends by its id. */
public final class ProcessPart implements Part {
    private static final Duration START_BUDGET = Duration.ofMinutes(4);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final String name;
    private final Path folder;
    private final List<String> command;
    private final Map<String, String> environment;
    private final URI readiness;
    private final String reaperSignal;
    private @Nullable Process process;

    private ProcessPart(
            String name,
            Path folder,
            List<String> command,
            Map<String, String> environment,
            URI readiness,
            String reaperSignal) {
        this.name = name;
        this.folder = folder;
        this.command = command;
        this.environment = environment;
        this.readiness = readiness;
        this.reaperSignal = reaperSignal;
    }

    /**
     * A process without children.
     *
     * @param folder where its output goes
     * @param environment what it gets besides the path, the language and the home
     * @param readiness what answers 200 once it is ready
     */
    static ProcessPart single(
            String name, Path folder, List<String> command, Map<String, String> environment, URI readiness) {
        return new ProcessPart(name, folder, command, environment, readiness, "KILL");
    }

    /** A process that ends its children itself when it gets TERM, but not when it is killed. */
    static ProcessPart withChildren(
            String name, Path folder, List<String> command, Map<String, String> environment, URI readiness) {
        return new ProcessPart(name, folder, command, environment, readiness, "TERM");
    }

    @Override
    public String name() {
        return name;
    }

    /** Starts it without waiting. */
    public synchronized void launch() {
        if (isRunning()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(environment);
        try {
            process = builder.start();
            Reaper.add(process, reaperSignal);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + name, e);
        }
    }

    /** Returns once it is ready. */
    public void awaitReady() {
        long deadline = System.nanoTime() + START_BUDGET.toNanos();
        while (!isReady()) {
            if (!isRunning() || System.nanoTime() > deadline) {
                throw new IllegalStateException(name + (isRunning() ? " is not ready after " + START_BUDGET : " ended")
                        + ":\n" + String.join("\n", log(60)));
            }
            sleep(LOOK_AGAIN);
        }
    }

    /** Whether it says that it is ready. */
    public boolean isReady() {
        try {
            HttpRequest request = HttpRequest.newBuilder(readiness)
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + name + " was starting", e);
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    @Override
    public void start() {
        launch();
        awaitReady();
    }

    /** The process id. */
    public synchronized long pid() {
        return running().pid();
    }

    /**
     * How many bytes of a JVM's heap each class has in use after a collection. What the collector leaves in place
     * because moving it would not pay is not counted, though the JVM's own figures do.
     */
    public Map<String, Long> liveBytes() {
        // Each line: number, instances, bytes, class.
        return tell("GC.class_histogram")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words ->
                        words.length > 3 && words[0].endsWith(":") && !words[3].contains("jdk.internal.vm.Filler"))
                .collect(Collectors.toMap(words -> words[3], words -> Long.parseLong(words[2]), Long::sum));
    }

    /**
     * Writes what all threads of a JVM are at, virtual ones too.
     *
     * @throws IllegalStateException if it does not answer
     */
    void dumpThreads(Path file) {
        tell("Thread.dump_to_file", "-overwrite", file.toAbsolutePath().toString());
    }

    /**
     * Has a JVM note where each thread is, every ten milliseconds of its processor time, until {@link #stopProfile}.
     *
     * @throws IllegalStateException if it does not
     */
    public void startProfile() {
        // A request of a web server has more calls above it than are noted else.
        tell("JFR.configure", "stackdepth=256");
        tell(
                "JFR.start",
                "name=profile",
                "settings=none",
                "+jdk.CPUTimeSample#enabled=true",
                "+jdk.CPUTimeSample#throttle=10ms");
    }

    /** Writes what was noted, as JDK Flight Recorder does. */
    public void stopProfile(Path file) {
        tell("JFR.stop", "name=profile", "filename=" + file.toAbsolutePath());
    }

    private String tell(String... order) {
        Path java = Path.of(ProcessHandle.current().info().command().orElseThrow());
        List<String> words = new ArrayList<>(List.of(java.resolveSibling("jcmd").toString(), Long.toString(pid())));
        words.addAll(List.of(order));
        try {
            Process jcmd = new ProcessBuilder(words).redirectErrorStream(true).start();
            String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (jcmd.waitFor() != 0) {
                throw new IllegalStateException(name + " does not do " + order[0] + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public synchronized void kill() {
        if (process == null) {
            return;
        }
        Process ending = process;
        List<ProcessHandle> children = ending.descendants().toList();
        ending.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(ending, children);
    }

    /** Has it read its configuration again, as a reload of nginx does; returns at once. */
    public synchronized void reload() {
        signal("HUP", Stream.of(running().toHandle()));
    }

    /** How many processes it has started that have not ended. */
    public synchronized long children() {
        return running().descendants().count();
    }

    /** Asks it to end, as an operator does with SIGTERM; returns at once. {@link #awaitEnd(Duration)} waits for it. */
    public synchronized void terminate() {
        running().destroy();
    }

    /** Returns once it has ended after {@link #terminate}; how long it took is its own affair, up to the limit. */
    public void awaitEnd(Duration limit) {
        Process ending = running();
        try {
            if (!ending.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " did not end within " + limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + name + " was ending", e);
        }
        kill();
    }

    private void awaitEnd(Process ending, List<ProcessHandle> children) {
        ending.onExit().join();
        children.forEach(child -> child.onExit().join());
        Reaper.forget(ending, reaperSignal);
        process = null;
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
        Process target = running();
        signal(signal, Stream.concat(Stream.of(target.toHandle()), target.descendants()));
    }

    private void signal(String signal, Stream<ProcessHandle> targets) {
        targets.forEach(one -> {
            try {
                Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(one.pid())).start();
                if (kill.onExit().join().exitValue() != 0) {
                    throw new IllegalStateException("Cannot send " + signal + " to " + name);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private synchronized Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return process;
    }

    @Override
    public List<String> log(int lines) {
        return Logs.tail(logFile(), lines);
    }

    private Path logFile() {
        return folder.resolve(name + ".log");
    }
}
