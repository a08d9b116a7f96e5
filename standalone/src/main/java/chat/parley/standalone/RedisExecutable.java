package chat.parley.standalone;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@code redis-server} that runs on this machine. One comes with Parley; where that does not run (a library that it
 * needs is missing, or nobody built one for this machine) one that is installed serves.
 */
record RedisExecutable(Path path, Version version) {
    private static final Logger log = LoggerFactory.getLogger(RedisExecutable.class);
    /** The oldest that the store's scripts run on. */
    private static final Version OLDEST = new Version(6, 2);
    /** From here on the append-only file is a folder, which an older one would overlook and start empty. */
    private static final Version FOLDER = new Version(7, 0);

    private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.(\\d+)");

    /** The first two numbers of a Redis version. */
    record Version(int major, int minor) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    /**
     * Finds the one to use.
     *
     * @param store where the data is, and where the one that comes with Parley is unpacked
     * @param chosen the only one to consider, if a person named it
     * @throws StartupException if there is none that runs here and can read the data
     */
    static RedisExecutable find(Path store, @Nullable Path chosen) {
        Version needed = Files.isDirectory(store.resolve("appendonlydir")) ? FOLDER : OLDEST;
        Stream<Supplier<Optional<Path>>> candidates = chosen != null
                ? Stream.of(() -> Optional.of(chosen))
                : Stream.of(
                        () -> unpack(bundled(), store),
                        RedisExecutable::installed,
                        () -> unpack(bundledWithoutLibraries(), store));
        return candidates
                .flatMap(candidate -> candidate.get().stream())
                .flatMap(path -> version(path).map(version -> new RedisExecutable(path, version)).stream())
                .filter(found -> found.version.compareTo(needed) >= 0)
                .findFirst()
                .orElseThrow(() -> new StartupException(
                        "Parley keeps conversations in Redis and found no redis-server of version " + needed
                                + " or newer that runs here" + (chosen == null ? "" : " as " + chosen)
                                + ". Install one (Debian, Ubuntu: apt install redis-server; macOS: brew install redis),"
                                + " or name one with REDIS_SERVER."));
    }

    /** The resource built for this machine, or null. */
    static @Nullable String bundled() {
        return bundled(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static @Nullable String bundled(String system, String architecture) {
        boolean arm = architecture.equals("aarch64");
        if (!arm && !List.of("amd64", "x86_64").contains(architecture)) {
            return null;
        }
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return arm ? "redis-server-6.2.6-v5-darwin-arm64" : "redis-server-6.2.6-v5-darwin-amd64";
        }
        if (name.equals("linux")) {
            return arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
        }
        return null;
    }

    /** For Linux without glibc or OpenSSL 3: statically linked, but 32 bit, so it holds at most 3 GB. */
    private static @Nullable String bundledWithoutLibraries() {
        String bundled = bundled();
        return bundled != null && bundled.endsWith("-linux-amd64") ? "redis-server-6.2.7-linux-386" : null;
    }

    private static Optional<Path> installed() {
        return Arrays.stream(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<Path> unpack(@Nullable String resource, Path folder) {
        if (resource == null) {
            return Optional.empty();
        }
        try (InputStream in = RedisExecutable.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            Path target = folder.resolve(resource);
            byte[] bytes = in.readAllBytes();
            if (!Files.exists(target) || Files.size(target) != bytes.length) {
                Path unfinished = Files.createTempFile(folder, "redis-server", ".unpacking");
                Files.write(unfinished, bytes);
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwx------"));
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return Optional.of(target);
        } catch (IOException e) {
            log.warn("The redis-server that comes with Parley can't be unpacked into {}: {}", folder, e.getMessage());
            return Optional.empty();
        }
    }

    /** Empty if it does not run here. */
    private static Optional<Version> version(Path executable) {
        try {
            Process process = new ProcessBuilder(executable.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(5, TimeUnit.SECONDS);
            Matcher matcher = VERSION.matcher(output);
            if (matcher.find()) {
                return Optional.of(new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
            }
            log.info("{} does not run here: {}", executable, output.strip());
        } catch (IOException e) {
            log.info("{} does not run here: {}", executable, e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }
}
