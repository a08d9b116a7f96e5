package chat.parley.testing.servers;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/** Where test servers come from. */
enum ServerSource {
    /** A server that is already running, at an address from the environment. */
    ADDRESS,
    /** A container. */
    DOCKER,
    /** A private process of a program that is installed here. */
    PATH;

    private static final String FORCE = "PARLEY_TEST_SERVERS";

    /** The source of servers that tests share. */
    static ServerSource shared(@Nullable String address) {
        @Nullable ServerSource forced = forced();
        if (forced == ADDRESS && address == null) {
            throw new IllegalStateException(FORCE + "=address, but no address is given");
        }
        if (forced != null) {
            return forced;
        }
        if (address != null) {
            return ADDRESS;
        }
        return dockerAnswers() ? DOCKER : PATH;
    }

    /**
     * The source of servers that a test has for itself: processes, unless containers are forced or all that there is.
     */
    static ServerSource ofItsOwn(boolean installed) {
        @Nullable ServerSource forced = forced();
        if (forced == DOCKER || forced == PATH) {
            return forced;
        }
        return installed || !dockerAnswers() ? PATH : DOCKER;
    }

    private static @Nullable ServerSource forced() {
        @Nullable String name = System.getenv(FORCE);
        return name == null || name.isBlank() ? null : valueOf(name.strip().toUpperCase(Locale.ROOT));
    }

    private static boolean dockerAnswers() {
        // Testcontainers logs pages when it finds no engine: ask it only if something listens where engines do.
        return (System.getenv("DOCKER_HOST") != null || sockets().anyMatch(ServerSource::accepts))
                && DockerClientFactory.instance().isDockerAvailable();
    }

    private static Stream<Path> sockets() {
        Path home = Path.of(System.getProperty("user.home"));
        @Nullable String runtime = System.getenv("XDG_RUNTIME_DIR");
        return Stream.concat(
                Stream.of(
                        Path.of("/var/run/docker.sock"),
                        home.resolve(".docker/run/docker.sock"),
                        home.resolve(".docker/desktop/docker.sock"),
                        home.resolve(".rd/docker.sock"),
                        home.resolve(".colima/default/docker.sock")),
                Stream.ofNullable(runtime).map(folder -> Path.of(folder, "docker.sock")));
    }

    private static boolean accepts(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
