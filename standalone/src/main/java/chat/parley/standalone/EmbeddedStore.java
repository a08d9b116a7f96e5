package chat.parley.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis server of our own, as a child process that keeps every accepted word on the disk. A kill -9 of this process
 * leaves it running; the next start ends it before it opens the same files. If it dies while Parley lives, it is
 * started again at the same address.
 */
final class EmbeddedStore implements Backend {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedStore.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final boolean COMMANDS_ARE_TOLD =
            ProcessHandle.current().info().command().isPresent();
    private static final int PORTS_TO_TRY = 5;

    private final RedisExecutable executable;
    private final RedisSettings settings;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread supervisor =
            Thread.ofPlatform().daemon().name("store-supervisor").unstarted(this::supervise);
    private volatile ProcessHandle process;

    private EmbeddedStore(RedisExecutable executable, RedisSettings settings, ProcessHandle process) {
        this.executable = executable;
        this.settings = settings;
        this.process = process;
    }

    /**
     * Starts the server, and returns when it has read all data and serves. The folder must be locked by the caller.
     *
     * @param chosen the {@code redis-server} to use; by default one is found
     * @throws StartupException if it does not start
     */
    static EmbeddedStore start(Path folder, @Nullable Path chosen) {
        endSurvivor(folder);
        RedisExecutable executable = RedisExecutable.find(folder, chosen);
        for (int attempt = 1; ; attempt++) {
            RedisSettings settings = RedisSettings.fresh(folder);
            try {
                EmbeddedStore store = new EmbeddedStore(executable, settings, launch(executable, settings));
                store.supervisor.start();
                return store;
            } catch (PortTakenException e) {
                if (attempt == PORTS_TO_TRY) {
                    throw new StartupException("No free port for the store", e);
                }
            }
        }
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "spring.data.redis.host",
                RedisControl.HOST,
                "spring.data.redis.port",
                Integer.toString(settings.port()),
                "spring.data.redis.username",
                "default",
                "spring.data.redis.password",
                settings.password());
    }

    /** The server's process; another one after it had to be started again. */
    ProcessHandle process() {
        return process;
    }

    @Override
    public void close() {
        closing.countDown();
        end(process);
        try {
            supervisor.join(STOP_TIMEOUT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        while (!pause(LOOK)) {
            if (!runs(process)) {
                log.warn("The store's redis-server is gone; starting it again. Its log: {}", settings.logFile());
                startAgain();
            }
        }
    }

    private void startAgain() {
        do {
            try {
                process = launch(executable, settings);
                if (closed()) {
                    end(process);
                }
                return;
            } catch (StartupException | PortTakenException e) {
                log.error("The store does not start again", e);
            }
        } while (!pause(Duration.ofSeconds(1)));
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    /** @return true if the store was closed meanwhile */
    private boolean pause(Duration duration) {
        try {
            return closing.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static ProcessHandle launch(RedisExecutable executable, RedisSettings settings) throws PortTakenException {
        try {
            Files.deleteIfExists(settings.pidFile());
            if (Files.exists(settings.logFile())) {
                Files.move(
                        settings.logFile(),
                        settings.logFile().resolveSibling("redis.log.old"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Process launcher = new ProcessBuilder(List.of(
                            executable.path().toString(), settings.write().toString()))
                    .directory(settings.folder().toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (launcher.waitFor() != 0) {
                throw new StartupException("The store's redis-server does not start: " + output.strip());
            }
            return awaitReady(settings);
        } catch (IOException e) {
            throw new StartupException("The store's redis-server does not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("Interrupted while the store started", e);
        }
    }

    /** However long it reads its data; but it must say so soon. */
    private static ProcessHandle awaitReady(RedisSettings settings)
            throws PortTakenException, IOException, InterruptedException {
        RedisControl control = new RedisControl(settings.port(), settings.password());
        Instant deadline = Instant.now().plus(ANSWER_TIMEOUT);
        Instant nextWord = Instant.now().plusSeconds(2);
        while (true) {
            Optional<RedisControl.Status> status = control.status();
            if (status.isPresent() && !status.get().loading()) {
                return ProcessHandle.of(status.get().processId())
                        .orElseThrow(() -> new StartupException("The store's redis-server is gone again"));
            }
            if (status.isPresent()) {
                deadline = Instant.now().plus(ANSWER_TIMEOUT);
                if (Instant.now().isAfter(nextWord)) {
                    log.info("The store is reading its data");
                    nextWord = nextWord.plusSeconds(5);
                }
            } else {
                checkAlive(settings, deadline);
            }
            Thread.sleep(POLL);
        }
    }

    private static void checkAlive(RedisSettings settings, Instant deadline) throws PortTakenException, IOException {
        String said = Files.exists(settings.logFile()) ? Files.readString(settings.logFile()) : "";
        if (said.contains("Address already in use")) {
            throw new PortTakenException();
        }
        boolean died = pid(settings).isPresent()
                && pid(settings).flatMap(ProcessHandle::of).isEmpty();
        if (died || Instant.now().isAfter(deadline)) {
            throw new StartupException("The store's redis-server does not start. It says:\n" + said.strip());
        }
    }

    /**
     * Ends the server of a run that was killed, so that no two write the same files. One that answers with our password
     * is ours. One that hangs is told by its process id, and is killed, since it loses nothing by that.
     */
    private static void endSurvivor(Path folder) {
        RedisSettings.last(folder).ifPresent(last -> {
            Optional<ProcessHandle> answering = new RedisControl(last.port(), last.password())
                    .status()
                    .flatMap(status -> ProcessHandle.of(status.processId()));
            answering.ifPresent(survivor -> {
                log.info("Ending the redis-server (process {}) that outlived its Parley", survivor.pid());
                end(survivor);
            });
            pid(last)
                    .flatMap(ProcessHandle::of)
                    .filter(old -> hasWritten(old, last.pidFile()))
                    .ifPresent(hanging -> {
                        log.info(
                                "Killing the redis-server (process {}) that outlived its Parley and hangs",
                                hanging.pid());
                        hanging.destroyForcibly();
                        hanging.onExit().join();
                    });
        });
    }

    /** A process id may have gone to another program since it was written down; that one started at another time. */
    private static boolean hasWritten(ProcessHandle process, Path pidFile) {
        try {
            Instant written = Files.getLastModifiedTime(pidFile).toInstant();
            boolean redis = process.info().command().orElse("").contains("redis-server");
            return redis
                    && process.info()
                            .startInstant()
                            .map(started -> Duration.between(started, written).abs())
                            .filter(between -> between.compareTo(Duration.ofMinutes(1)) < 0)
                            .isPresent();
        } catch (IOException _) {
            return false;
        }
    }

    private static Optional<Long> pid(RedisSettings settings) {
        try {
            return Optional.of(Long.valueOf(Files.readString(settings.pidFile()).strip()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        if (!awaitEnd(process, STOP_TIMEOUT)) {
            log.warn("The store's redis-server does not stop; killing it. It loses nothing by that.");
            kill(process);
        }
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        awaitEnd(process, STOP_TIMEOUT);
    }

    /**
     * A daemon that has ended stays as a zombie until the system's first process looks after it, which can take long. A
     * zombie has no command any more.
     */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && (process.info().command().isPresent() || !COMMANDS_ARE_TOLD);
    }

    /** A daemon is no child of this process, and the JDK would look at it less and less often. */
    private static boolean awaitEnd(ProcessHandle process, Duration timeout) {
        Instant deadline = Instant.now().plus(timeout);
        try {
            while (runs(process)) {
                if (Instant.now().isAfter(deadline)) {
                    return false;
                }
                Thread.sleep(POLL);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** Another program took the port between our look and the server's start. */
    private static final class PortTakenException extends Exception {}
}
