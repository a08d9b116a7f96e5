package chat.parley.testing.servers;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.rabbitmq.RabbitMQContainer;

/**
 * A real RabbitMQ, from 3.10. The shared one is at {@code PARLEY_TEST_RABBITMQ}
 * ({@code amqp://user:password@host:port}) if that is set.
 */
public final class RabbitServer extends TestServer {
    private static final String ADDRESS = "PARLEY_TEST_RABBITMQ";
    private static final String IMAGE = "rabbitmq:4-management";
    private static final String USERNAME = "parley";
    private static final String PASSWORD = "parley-test";
    private static final int AMQP_PORT = 5672;

    private final String username;
    private final String password;

    private RabbitServer(String host, int port, String username, String password, @Nullable Node node) {
        super(host, port, node);
        this.username = username;
        this.password = password;
    }

    /**
     * The one that the tests of this JVM share, started when first asked for and ended with the JVM. What a test
     * declares and leaves there stays.
     *
     * @throws IllegalStateException if there is none and none can be started; the message says what to do
     */
    public static RabbitServer get() {
        return Shared.SERVER;
    }

    /**
     * Starts one for a single test.
     *
     * @param dir where it keeps data and logs; a new folder for each server
     * @throws IllegalStateException if none can be started; the message says what to do
     */
    public static RabbitServer startPrivate(Path dir) {
        Node node = node(ServerSource.ofItsOwn(RabbitProcess.isInstalled()), dir);
        node.start();
        return new RabbitServer("127.0.0.1", node.port(), USERNAME, PASSWORD, node);
    }

    /**
     * Starts one as {@link Deployed} has it; its user here is Conversation's.
     *
     * @throws IllegalStateException if {@code rabbitmq-server} is not installed
     */
    public static RabbitServer startDeployed(Path dir) {
        RabbitProcess process = RabbitProcess.deployed(dir, USERNAME, PASSWORD);
        process.start();
        Deployed.User user = Deployed.CONVERSATION;
        return new RabbitServer("127.0.0.1", process.port(), user.name(), user.password(), process);
    }

    /**
     * Starts one that listens with TLS on a further port, and wants a certificate of its client there.
     *
     * @param ca who must have issued that
     * @throws IllegalStateException if {@code rabbitmq-server} is not installed
     */
    public static RabbitServer startWithTls(Path dir, int tlsPort, PrivateCa ca, PrivateCa.Pair own) {
        RabbitProcess process = RabbitProcess.withTls(dir, USERNAME, PASSWORD, tlsPort, ca, own);
        process.start();
        return new RabbitServer("127.0.0.1", process.port(), USERNAME, PASSWORD, process);
    }

    /**
     * Starts the nodes of one cluster for a single test.
     *
     * @param dir where they keep data and logs; a new folder for each cluster
     * @throws IllegalStateException if {@code rabbitmq-server} is not installed
     */
    public static List<RabbitServer> startCluster(Path dir, int nodes) {
        List<Path> folders = IntStream.range(0, nodes)
                .mapToObj(number -> dir.resolve("node-" + number))
                .toList();
        List<RabbitProcess> processes = RabbitProcess.cluster(folders, USERNAME, PASSWORD);
        processes.forEach(RabbitProcess::start);
        return processes.stream()
                .map(process -> new RabbitServer("127.0.0.1", process.port(), USERNAME, PASSWORD, process))
                .toList();
    }

    public String username() {
        return username;
    }

    public String password() {
        return password;
    }

    /**
     * Returns when a node killed from now on would know the quorum queues declared so far. Their registry reaches the
     * disk only seconds after they were declared: a younger queue answers nothing any more after a kill (seen on 3.10).
     */
    public void settle() {
        if (owned() instanceof RabbitProcess process) {
            process.settle();
        }
    }

    /**
     * Runs {@code rabbitmqctl} on a private node; returns what it said.
     *
     * @throws IllegalStateException if it failed, or the server is none that this JVM started as a process
     */
    public String control(String... arguments) {
        return process().control(arguments);
    }

    /** Whether this running private node leads the replicas of a quorum queue. */
    public boolean leads(String queue) {
        return process().leads(queue);
    }

    /** Cuts the line between this running private node and another one of its cluster: neither can open it anew. */
    public void cutOffFrom(RabbitServer other) {
        process().cutOffFrom(other.process());
    }

    /** Lets this running private node and another one of its cluster find each other again. */
    public void reconnectWith(RabbitServer other) {
        process().reconnectWith(other.process());
    }

    /** Throws away all that a killed private node has stored, as a lost disk does. */
    public void wipe() {
        process().wipe();
    }

    private RabbitProcess process() {
        if (owned() instanceof RabbitProcess process) {
            return process;
        }
        throw new IllegalStateException("This needs rabbitmq-server as a process");
    }

    private static Node node(ServerSource source, Path dir) {
        return source == ServerSource.DOCKER
                ? new ContainerNode(
                        new RabbitMQContainer(IMAGE).withAdminUser(USERNAME).withAdminPassword(PASSWORD),
                        AMQP_PORT,
                        Probe.AMQP)
                : RabbitProcess.in(dir, USERNAME, PASSWORD);
    }

    private static RabbitServer shared() {
        @Nullable String address = System.getenv(ADDRESS);
        ServerSource source = ServerSource.shared(address);
        if (source == ServerSource.ADDRESS && address != null) {
            return at(URI.create(address));
        }
        Node node = node(source, Programs.newFolder("rabbitmq-"));
        share("RabbitMQ", source, node);
        node.start();
        return new RabbitServer("127.0.0.1", node.port(), USERNAME, PASSWORD, null);
    }

    private static RabbitServer at(URI address) {
        @Nullable String userInfo = address.getUserInfo();
        String[] user = (userInfo == null ? "guest:guest" : userInfo).split(":", 2);
        int port = address.getPort() < 0 ? AMQP_PORT : address.getPort();
        announce("RabbitMQ", ServerSource.ADDRESS, address.getHost(), port);
        return new RabbitServer(address.getHost(), port, user[0], user.length == 2 ? user[1] : "", null);
    }

    private static final class Shared {
        static final RabbitServer SERVER = shared();
    }
}
