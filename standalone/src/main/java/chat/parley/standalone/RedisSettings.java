package chat.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one run of the store's server is told. The file of the last run says how to reach a server that outlived it.
 *
 * @param password random for each run
 */
record RedisSettings(Path folder, int port, String password) {
    private static final String FILE = "redis.conf";

    /** A free port and a new password. */
    static RedisSettings fresh(Path folder) {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return new RedisSettings(folder, freePort(), HexFormat.of().formatHex(random));
    }

    /** Those of the last run in this folder, if there was one. */
    static Optional<RedisSettings> last(Path folder) {
        try (Stream<String> lines = Files.lines(folder.resolve(FILE))) {
            Map<String, String> settings = lines.map(line -> line.split(" ", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, _) -> first));
            return Optional.of(new RedisSettings(
                    folder,
                    Integer.parseInt(settings.getOrDefault("port", "")),
                    settings.getOrDefault("requirepass", "")));
        } catch (IOException | UncheckedIOException | IllegalArgumentException | IndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }

    Path pidFile() {
        return folder.resolve("redis.pid");
    }

    Path logFile() {
        return folder.resolve("redis.log");
    }

    /**
     * Writes the server's configuration, for its owner only. As a daemon the server is in a session of its own, so that
     * a Ctrl-C in the terminal doesn't take it away before the services have stopped.
     */
    Path write() throws IOException {
        Path file = folder.resolve(FILE);
        Path unfinished = Files.createTempFile(
                folder,
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(unfinished, """
                bind %s
                port %d
                requirepass %s
                daemonize yes
                dir %s
                pidfile %s
                logfile %s
                save ""
                appendonly yes
                appendfsync always
                maxmemory-policy noeviction
                """.formatted(
                        RedisControl.HOST, port, password, quoted(folder), quoted(pidFile()), quoted(logFile())));
        return Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Redis reads a quoted word as C would, byte by byte. */
    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Redis has no "any free port", so another program may be faster; then the start is tried again. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(RedisControl.HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartupException("No free port for the store: " + e.getMessage(), e);
        }
    }
}
