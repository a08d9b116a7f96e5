package chat.parley.testing.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A RabbitMQ node of its own: own home, data, logs, ports; its cookie and its epmd are those of its cluster, so that it
 * meets no other node.
 */
final class RabbitProcess implements Node {
    /** Debian's command in the PATH changes to the user rabbitmq, who may not write where tests run. */
    private static final String[] SERVER = {"/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server"};

    private static final String[] CONTROL = {"/usr/lib/rabbitmq/bin/rabbitmqctl", "rabbitmqctl"};

    private static final String[] EPMD = {"epmd", "/usr/lib/erlang/bin/epmd", "/usr/local/lib/erlang/bin/epmd"};

    private static final Duration SETTLE_BUDGET = Duration.ofSeconds(60);
    /** Where the file of a DETS table says whether it is whole on disk, and how long that is. */
    private static final int DETS_STATE_OFFSET = 8;

    private static final int DETS_STATE_LENGTH = 4;

    private final Path folder;
    private final Map<String, String> environment;
    private final ProcessNode epmd;
    private final ProcessNode server;

    private RabbitProcess(Path folder, Map<String, String> environment, ProcessNode epmd, ProcessNode server) {
        this.folder = folder;
        this.environment = environment;
        this.epmd = epmd;
        this.server = server;
    }

    static boolean isInstalled() {
        return program(SERVER).isPresent() && program(EPMD).isPresent();
    }

    private static Optional<Path> program(String... names) {
        return Programs.find(names);
    }

    /**
     * How a node differs from others.
     *
     * @param settings further lines of its rabbitmq.conf
     * @param before what starts the server's command
     */
    private record Difference(String settings, List<String> before, Map<String, String> environment) {
        static final Difference NONE = new Difference("", List.of(), Map.of());
    }

    /** Prepares a node that keeps its data in this folder. */
    static RabbitProcess in(Path dir, String username, String password) {
        return cluster(List.of(dir), username, password).getFirst();
    }

    /** Prepares a node as {@link Deployed} has it, where the default user must not be made. */
    static RabbitProcess deployed(Path dir, String defaultUser, String defaultPassword) {
        String definitions = dir.toAbsolutePath().resolve("definitions.json").toString();
        Difference difference = new Difference(
                "load_definitions = " + definitions,
                List.of("bash", Deployed.rabbitFolder().resolve("start").toString(), definitions),
                Map.of(
                        "CONVERSATION_PASSWORD", Deployed.variable("rabbitmq", "CONVERSATION_PASSWORD"),
                        "ASSISTANT_PASSWORD", Deployed.variable("rabbitmq", "ASSISTANT_PASSWORD")));
        return cluster(List.of(dir), defaultUser, defaultPassword, difference).getFirst();
    }

    /** Prepares a node that listens with TLS on a further port. */
    static RabbitProcess withTls(
            Path dir, String username, String password, int tlsPort, PrivateCa ca, PrivateCa.Pair own) {
        String settings = """
                listeners.ssl.1 = 127.0.0.1:%d
                ssl_options.cacertfile = %s
                ssl_options.certfile = %s
                ssl_options.keyfile = %s
                ssl_options.verify = verify_peer
                ssl_options.fail_if_no_peer_cert = true
                """.formatted(tlsPort, ca.certificate(), own.certificate(), own.key());
        Difference difference = new Difference(settings, List.of(), Map.of());
        return cluster(List.of(dir), username, password, difference).getFirst();
    }

    /** Prepares nodes that become one cluster; the first has to be the first that starts. */
    static List<RabbitProcess> cluster(List<Path> folders, String username, String password) {
        return cluster(folders, username, password, Difference.NONE);
    }

    private static List<RabbitProcess> cluster(
            List<Path> folders, String username, String password, Difference difference) {
        int epmdPort = FreePorts.next();
        List<Integer> ports = folders.stream().map(_ -> FreePorts.next()).toList();
        String peers = ports.size() == 1 ? "" : peers(ports);
        String cookie = UUID.randomUUID().toString();
        List<RabbitProcess> nodes = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            Path folder = folders.get(i).toAbsolutePath();
            int port = ports.get(i);
            Programs.create(folder);
            Programs.write(folder.resolve("rabbitmq.conf"), """
                    listeners.tcp.1 = 127.0.0.1:%d
                    default_user = %s
                    default_pass = %s
                    disk_free_limit.absolute = 50MB
                    log.file.level = warning
                    %s
                    %s
                    """.formatted(
                            port, username, password, peers, difference.settings()));
            Programs.write(folder.resolve("enabled_plugins"), "[].\n");
            Programs.write(folder.resolve("rabbitmq-env.conf"), "");
            writeCookie(folder.resolve(".erlang.cookie"), cookie);
            String server = program(SERVER).orElseThrow(RabbitProcess::missing).toString();
            Map<String, String> environment = environment(folder, port, epmdPort);
            environment.putAll(difference.environment());
            List<String> command = new ArrayList<>(difference.before());
            command.add(server);
            nodes.add(new RabbitProcess(
                    folder,
                    environment,
                    i == 0 ? epmd(folder, epmdPort) : nodes.getFirst().epmd,
                    new ProcessNode("rabbitmq", folder, port, command, environment, Probe.AMQP)));
        }
        return nodes;
    }

    private static ProcessNode epmd(Path folder, int port) {
        String program = program(EPMD).orElseThrow(RabbitProcess::missing).toString();
        List<String> command = List.of(program, "-port", Integer.toString(port), "-address", "127.0.0.1");
        return new ProcessNode("epmd", folder, port, command, Map.of(), Probe.LISTENS);
    }

    private static String peers(List<Integer> ports) {
        StringBuilder peers = new StringBuilder("""
                cluster_partition_handling = pause_minority
                cluster_formation.peer_discovery_backend = classic_config
                """);
        for (int i = 0; i < ports.size(); i++) {
            peers.append("cluster_formation.classic_config.nodes.%d = %s%n".formatted(i + 1, nodeName(ports.get(i))));
        }
        return peers.toString();
    }

    private static String nodeName(int port) {
        return "parley-test-" + port + "@localhost";
    }

    /** Nodes of a cluster know each other by it; Erlang refuses one that others may read. */
    private static void writeCookie(Path file, String cookie) {
        if (!Files.exists(file)) {
            Programs.write(file, cookie);
            try {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Map<String, String> environment(Path folder, int port, int epmdPort) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", folder.toString());
        environment.put("RABBITMQ_NODENAME", nodeName(port));
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        environment.put("RABBITMQ_PID_FILE", folder.resolve("rabbitmq.pid").toString());
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE",
                folder.resolve("enabled_plugins").toString());
        environment.put(
                "RABBITMQ_CONF_ENV_FILE", folder.resolve("rabbitmq-env.conf").toString());
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(FreePorts.next()));
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("ERL_MAX_PORTS", "8192");
        // Makes the script become the node, so that signals reach it.
        environment.put("RUNNING_UNDER_SYSTEMD", "true");
        return environment;
    }

    private static IllegalStateException missing() {
        return new IllegalStateException(
                "Integration tests need a RabbitMQ: give PARLEY_TEST_RABBITMQ=amqp://user:password@host:port, start a"
                        + " Docker engine, or install rabbitmq-server (and Erlang's epmd)");
    }

    /** Waits until the tables in which quorum queues are registered are whole on disk. */
    void settle() {
        long deadline = System.nanoTime() + SETTLE_BUDGET.toNanos();
        while (!tablesAreSaved()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The queues are not on disk after " + SETTLE_BUDGET);
            }
            Probe.pause();
        }
    }

    private boolean tablesAreSaved() {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            return files.filter(file -> file.toString().endsWith(".dets")).allMatch(RabbitProcess::isSaved);
        } catch (IOException | UncheckedIOException e) {
            return false; // a file went while we looked: look again
        }
    }

    private static boolean isSaved(Path table) {
        try (InputStream in = Files.newInputStream(table)) {
            in.skipNBytes(DETS_STATE_OFFSET);
            return !Arrays.equals(in.readNBytes(DETS_STATE_LENGTH), new byte[DETS_STATE_LENGTH]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code rabbitmqctl} on the node; returns what it said. */
    String control(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program(CONTROL).orElseThrow(RabbitProcess::missing).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in " + command, e);
        }
    }

    /** Whether the replica of this quorum queue that is on this node leads the others. */
    boolean leads(String queue) {
        return control("--silent", "list_queues", "name", "leader")
                .lines()
                .map(line -> line.split("\t"))
                .anyMatch(line -> line.length == 2 && line[0].equals(queue) && line[1].equals(name()));
    }

    /** Cuts the line between this running node and another one of its cluster: neither can open it anew. */
    void cutOffFrom(RabbitProcess other) {
        // A node refuses one whose cookie is another than it expects from it.
        control("eval", "erlang:set_cookie('%1$s', cut), erlang:disconnect_node('%1$s').".formatted(other.name()));
    }

    /** Lets this running node and another one find each other again. */
    void reconnectWith(RabbitProcess other) {
        control("eval", "erlang:set_cookie('%s', erlang:get_cookie()).".formatted(other.name()));
    }

    private String name() {
        return nodeName(port());
    }

    /** Throws away all that a killed node has stored. */
    void wipe() {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void start() {
        epmd.start();
        server.start();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void pause() {
        server.pause();
    }

    @Override
    public void resume() {
        server.resume();
    }

    @Override
    public void close() {
        server.close();
        epmd.close();
    }
}
