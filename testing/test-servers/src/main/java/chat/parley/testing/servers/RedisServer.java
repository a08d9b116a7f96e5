package chat.parley.testing.servers;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/**
 * A real Redis, from 6.2, that syncs every write and evicts nothing. The shared one is at {@code PARLEY_TEST_REDIS}
 * ({@code redis://host:port}) if that is set.
 */
public final class RedisServer extends TestServer {
    private static final String ADDRESS = "PARLEY_TEST_REDIS";
    private static final String IMAGE = "redis:8";
    private static final String[] PROGRAMS = {"redis-server", "valkey-server"};
    private static final int REDIS_PORT = 6379;

    private static final List<String> SETTINGS =
            List.of("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", "");

    private RedisServer(String host, int port, @Nullable Node node) {
        super(host, port, node);
    }

    /**
     * The one that the tests of this JVM share, started when first asked for and ended with the JVM. What a test leaves
     * there stays.
     *
     * @throws IllegalStateException if there is none and none can be started; the message says what to do
     */
    public static RedisServer get() {
        return Shared.SERVER;
    }

    /**
     * Starts one for a single test.
     *
     * @param dir where it keeps data and logs; a new folder for each server
     * @throws IllegalStateException if none can be started; the message says what to do
     */
    public static RedisServer startPrivate(Path dir) {
        Node node = node(ServerSource.ofItsOwn(Programs.find(PROGRAMS).isPresent()), dir);
        node.start();
        return new RedisServer("127.0.0.1", node.port(), node);
    }

    /**
     * Starts one as {@link Deployed} has it.
     *
     * @throws IllegalStateException if {@code redis-server} is not installed
     */
    public static RedisServer startDeployed(Path dir) {
        Node node = process(dir, Probe.CLOSED_REDIS, Deployed.redisArguments());
        node.start();
        return new RedisServer("127.0.0.1", node.port(), node);
    }

    /**
     * Starts one that listens with TLS on a further port, and wants a certificate of its client there.
     *
     * @param ca who must have issued that
     * @throws IllegalStateException if {@code redis-server} is not installed
     */
    public static RedisServer startWithTls(Path dir, int tlsPort, PrivateCa ca, PrivateCa.Pair own) {
        Node node = process(
                dir,
                Probe.REDIS,
                List.of(
                        "--tls-port",
                        Integer.toString(tlsPort),
                        "--tls-ca-cert-file",
                        ca.certificate().toString(),
                        "--tls-cert-file",
                        own.certificate().toString(),
                        "--tls-key-file",
                        own.key().toString()));
        node.start();
        return new RedisServer("127.0.0.1", node.port(), node);
    }

    /**
     * Starts one that copies another, always a little later.
     *
     * @throws IllegalStateException if {@code redis-server} is not installed
     */
    public static RedisServer startReplica(Path dir, RedisServer of) {
        Node node = process(dir, Probe.REDIS, List.of("--replicaof", of.host() + " " + of.port()));
        node.start();
        return new RedisServer("127.0.0.1", node.port(), node);
    }

    /**
     * Starts a Sentinel that alone decides when a server is gone, after a second, and makes its replica take over.
     *
     * @param name what clients call the server that leads
     * @throws IllegalStateException if {@code redis-server} is not installed
     */
    public static RedisServer startSentinel(Path dir, RedisServer watched, String name) {
        Path folder = dir.toAbsolutePath();
        Programs.create(folder);
        int port = FreePorts.next();
        Path config = folder.resolve("sentinel.conf");
        Programs.write(config, """
                bind 127.0.0.1
                port %d
                dir "%s"
                sentinel monitor %s %s %d 1
                sentinel down-after-milliseconds %s 1000
                sentinel failover-timeout %s 5000
                """.formatted(port, folder, name, watched.host(), watched.port(), name, name));
        Node node = new ProcessNode(
                "sentinel", folder, port, List.of(program(), config.toString(), "--sentinel"), Map.of(), Probe.REDIS);
        node.start();
        return new RedisServer("127.0.0.1", port, node);
    }

    private static Node node(ServerSource source, Path dir) {
        return source == ServerSource.DOCKER ? container() : process(dir, Probe.REDIS, List.of());
    }

    private static Node container() {
        GenericContainer<?> container = new GenericContainer<>(IMAGE)
                .withExposedPorts(REDIS_PORT)
                .withCommand(command("redis-server", List.of("--protected-mode", "no"))
                        .toArray(String[]::new));
        return new ContainerNode(container, REDIS_PORT, Probe.REDIS);
    }

    private static Node process(Path dir, Probe probe, List<String> more) {
        Path folder = dir.toAbsolutePath();
        Programs.create(folder);
        int port = FreePorts.next();
        List<String> own = new ArrayList<>(
                List.of("--bind", "127.0.0.1", "--port", Integer.toString(port), "--dir", folder.toString()));
        own.addAll(more);
        return new ProcessNode("redis", folder, port, command(program(), own), Map.of(), probe);
    }

    private static String program() {
        return Programs.find(PROGRAMS)
                .orElseThrow(() -> new IllegalStateException(
                        "Integration tests need a Redis: give PARLEY_TEST_REDIS=redis://host:port, start a Docker"
                                + " engine, or install redis-server"))
                .toString();
    }

    private static List<String> command(String program, List<String> own) {
        return Stream.of(List.of(program), own, SETTINGS).flatMap(List::stream).toList();
    }

    private static RedisServer shared() {
        @Nullable String address = System.getenv(ADDRESS);
        ServerSource source = ServerSource.shared(address);
        if (source == ServerSource.ADDRESS && address != null) {
            URI uri = URI.create(address);
            int port = uri.getPort() < 0 ? REDIS_PORT : uri.getPort();
            announce("Redis", source, uri.getHost(), port);
            return new RedisServer(uri.getHost(), port, null);
        }
        Node node = node(source, Programs.newFolder("redis-"));
        share("Redis", source, node);
        node.start();
        return new RedisServer("127.0.0.1", node.port(), null);
    }

    private static final class Shared {
        static final RedisServer SERVER = shared();
    }
}
