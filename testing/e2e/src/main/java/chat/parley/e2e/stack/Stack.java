package chat.parley.e2e.stack;

import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.points.Points;
import chat.parley.e2e.stack.StackOptions.Kind;
import chat.parley.testing.servers.Deployed;
import chat.parley.testing.servers.FreePorts;
import chat.parley.testing.servers.RabbitServer;
import chat.parley.testing.servers.RedisServer;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All of Parley as processes on loopback: RabbitMQ, Redis, the stub as the model, Conversations, Assistants, nginx.
 * Each keeps what it has in a folder under {@code target/}. They end with this JVM, however it ends.
 */
public final class Stack implements AutoCloseable {
    private final Path folder;
    private final StackOptions options;
    /** What clients of Sentinel call the Redis that leads. */
    private static final String REDIS_NAME = "parley";

    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final List<RabbitServer> rabbitServers;
    private final RedisServer redisServer;
    private final @Nullable RedisServer redisReplica;
    private final @Nullable RedisServer sentinel;
    private final @Nullable SmallDisk redisDisk;
    private final List<Part> rabbits;
    private final List<Part> redises = new ArrayList<>();
    private final ProcessPart stub;
    private final ModelStub model;
    private final List<Integer> conversationPorts;
    private final List<ProcessPart> conversations;
    private final List<ProcessPart> assistants;
    private final Map<String, Points> points = new HashMap<>();
    private final Map<String, URI> management = new HashMap<>();
    private final int nginxPort;
    private final ProcessPart nginx;
    private final Map<Hop, List<TcpProxy>> proxies = new EnumMap<>(Hop.class);
    private final URI plainUrl;
    private final URI url;

    private Stack(StackOptions options) {
        this.options = options;
        this.folder = newFolder();
        CompletableFuture<List<RabbitServer>> rabbitStart = CompletableFuture.supplyAsync(this::startRabbit);
        redisDisk = options.redisDiskMegabytes() > 0
                ? new SmallDisk(folder.resolve("redis"), options.redisDiskMegabytes())
                : null;
        redisServer = options.leastRights()
                ? RedisServer.startDeployed(folder.resolve("redis"))
                : RedisServer.startPrivate(folder.resolve("redis"));
        redises.add(new ServerPart("redis", redisServer, folder.resolve("redis/redis.out")));
        if (options.sentinel()) {
            redisReplica = RedisServer.startReplica(folder.resolve("redis-replica"), redisServer);
            sentinel = RedisServer.startSentinel(folder.resolve("sentinel"), redisServer, REDIS_NAME);
            redises.add(new ServerPart("redis-replica", redisReplica, folder.resolve("redis-replica/redis.out")));
        } else {
            redisReplica = null;
            sentinel = null;
        }
        int stubPort = FreePorts.next();
        URI stubAddress = URI.create("http://127.0.0.1:" + stubPort);
        model = new ModelStub(stubAddress);
        stub = ProcessPart.single(
                "stub",
                folder,
                Installation.java(Installation.jar("testing/openai-stub", "openai-stub"), options.jvm()),
                Map.of("STUB_PORT", Integer.toString(stubPort)),
                stubAddress.resolve("/v1/models"));
        stub.launch();
        rabbitServers = rabbitStart.join();
        rabbits = IntStream.range(0, rabbitServers.size())
                .mapToObj(this::rabbitPart)
                .toList();

        conversationPorts = IntStream.range(0, options.conversations())
                .mapToObj(_ -> FreePorts.next())
                .toList();
        conversations = IntStream.range(0, options.conversations())
                .mapToObj(index -> conversation(index, conversationPorts.get(index)))
                .toList();
        assistants = IntStream.range(0, options.assistants())
                .mapToObj(index -> assistant(index, stubPort))
                .toList();
        nginxPort = FreePorts.next();
        int tlsPort = FreePorts.next();
        nginx = nginx(nginxPort, tlsPort, conversationPorts);
        plainUrl = URI.create("http://127.0.0.1:" + through(Hop.BROWSER_NGINX, nginxPort));
        url = options.hasTls() ? URI.create("https://localhost:" + through(Hop.BROWSER_NGINX, tlsPort)) : plainUrl;
    }

    /** Starts one; returns when every part is ready. */
    public static Stack start(StackOptions options) {
        Stack stack = new Stack(options);
        try {
            stack.replicas().forEach(ProcessPart::launch);
            stack.nginx.launch();
            Stream.concat(stack.replicas(), Stream.of(stack.stub, stack.nginx)).forEach(ProcessPart::awaitReady);
            stack.rabbitServers.forEach(RabbitServer::settle);
            stack.points.values().forEach(Points::checkThere);
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
        return stack;
    }

    private List<RabbitServer> startRabbit() {
        Path dir = folder.resolve("rabbitmq");
        if (options.leastRights()) {
            return List.of(RabbitServer.startDeployed(dir));
        }
        return options.rabbitNodes() == 1
                ? List.of(RabbitServer.startPrivate(dir))
                : RabbitServer.startCluster(dir, options.rabbitNodes());
    }

    private Part rabbitPart(int index) {
        return options.rabbitNodes() == 1
                ? new ServerPart("rabbitmq", rabbitServers.get(index), folder.resolve("rabbitmq/rabbitmq.out"))
                : new ServerPart(
                        "rabbitmq-" + index,
                        rabbitServers.get(index),
                        folder.resolve("rabbitmq").resolve("node-" + index).resolve("rabbitmq.out"));
    }

    private Stream<ProcessPart> replicas() {
        return Stream.concat(conversations.stream(), assistants.stream());
    }

    private ProcessPart conversation(int index, int port) {
        Map<String, String> environment = new HashMap<>(service(Hop.CONVERSATION_RABBIT, Deployed.CONVERSATION));
        environment.putAll(Map.of(
                "SERVER_PORT", Integer.toString(port),
                "SERVER_ADDRESS", "127.0.0.1",
                "SESSION_SECRET", "end-to-end-tests-keep-no-secret-here",
                "TRUSTED_PROXIES", "127.0.0.1"));
        environment.putAll(wayToRedis());
        if (options.leastRights()) {
            Deployed.User user = Deployed.CONVERSATION;
            environment.putAll(Map.of(
                    "REDIS_USERNAME", user.name(), "REDIS_PASSWORD_FILE", file("redis-password", user.password())));
        }
        environment.putAll(options.of(Kind.CONVERSATION));
        return service("conversation", index, environment);
    }

    private ProcessPart assistant(int index, int stubPort) {
        Map<String, String> environment = new HashMap<>(service(Hop.ASSISTANT_RABBIT, Deployed.ASSISTANT));
        environment.putAll(Map.of(
                "OPENAI_API_KEY", "sk-end-to-end",
                "OPENAI_BASE_URL", "http://127.0.0.1:" + through(Hop.ASSISTANT_STUB, stubPort) + "/v1",
                "OPENAI_MODEL", "stub-model"));
        environment.putAll(options.of(Kind.ASSISTANT));
        return service("assistant", index, environment);
    }

    private Map<String, String> service(Hop toRabbit, Deployed.User user) {
        Map<String, String> environment = new HashMap<>(wayToRabbit(toRabbit));
        environment.putAll(
                Map.of("MANAGEMENT_ADDRESS", "127.0.0.1", "MANAGEMENT_PORT", Integer.toString(FreePorts.next())));
        environment.putAll(
                options.leastRights()
                        ? Map.of(
                                "RABBITMQ_USERNAME",
                                user.name(),
                                "RABBITMQ_PASSWORD_FILE",
                                file(user.name() + "-password", user.password()),
                                "RABBITMQ_DECLARE",
                                "false")
                        : Map.of(
                                "RABBITMQ_USERNAME",
                                rabbitServers.getFirst().username(),
                                "RABBITMQ_PASSWORD",
                                rabbitServers.getFirst().password(),
                                "RABBITMQ_DECLARE",
                                "true"));
        return environment;
    }

    /** As secrets are handed out; returns where it is. */
    private String file(String name, String secret) {
        try {
            return Files.writeString(folder.resolve(name), secret + "\n").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> wayToRabbit(Hop hop) {
        List<String> ports =
                rabbitServers.stream().map(node -> through(hop, node.port())).toList();
        return ports.size() == 1
                ? Map.of("RABBITMQ_HOST", "127.0.0.1", "RABBITMQ_PORT", ports.getFirst())
                : Map.of(
                        "SPRING_RABBITMQ_ADDRESSES",
                        ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
    }

    private Map<String, String> wayToRedis() {
        return sentinel == null
                ? Map.of("REDIS_HOST", "127.0.0.1", "REDIS_PORT", through(Hop.CONVERSATION_REDIS, redisServer.port()))
                : Map.of(
                        "SPRING_DATA_REDIS_SENTINEL_MASTER",
                        REDIS_NAME,
                        "SPRING_DATA_REDIS_SENTINEL_NODES",
                        "127.0.0.1:" + sentinel.port());
    }

    private ProcessPart service(String name, int index, Map<String, String> environment) {
        String part = name + "-" + index;
        URI actuator = URI.create("http://127.0.0.1:" + environment.get("MANAGEMENT_PORT") + "/actuator/");
        management.put(part, actuator);
        List<String> agents = new ArrayList<>();
        if (options.points()) {
            Points those = new Points(folder.resolve("points").resolve(part), name);
            points.put(part, those);
            agents.add(those.option(Installation.pointsAgent()));
        }
        return ProcessPart.single(
                part,
                folder,
                Application.command(
                        Installation.serviceJar(name, index),
                        folder.resolveSibling("apps"),
                        environment,
                        options.jvm(),
                        agents,
                        options.asInImages()),
                environment,
                actuator.resolve("health/readiness"));
    }

    private ProcessPart nginx(int port, int tlsPort, List<Integer> conversationPorts) {
        Installation.program("nginx");
        Map<String, String> environment = new HashMap<>(Map.of(
                "HTTP_LISTEN",
                "127.0.0.1:" + port,
                "TLS_LISTEN",
                "127.0.0.1:" + tlsPort,
                "CHAT_TLS_PORT",
                Integer.toString(tlsPort),
                "PAGE_DIR",
                Installation.page(folder.resolve("no-page")).toString(),
                "ACCESS_LOG",
                folder.resolve("nginx-access.log").toString(),
                "WORKER_CONNECTIONS",
                "16384",
                "API_RATE_PER_ADDRESS",
                "10000",
                "HANDSHAKE_RATE_PER_ADDRESS",
                "10000",
                "CONVERSATION_UPSTREAM",
                conversationPorts.stream()
                        .map(target -> "127.0.0.1:" + through(Hop.NGINX_CONVERSATION, target))
                        .collect(Collectors.joining(","))));
        if (System.getProperty("user.name").equals("root")) {
            environment.put("RUN_AS", "root"); // the page may lie where only root can read it
        }
        environment.putAll(options.of(Kind.NGINX));
        return ProcessPart.withChildren(
                "nginx",
                folder,
                List.of(
                        Installation.root().resolve("nginx/start").toString(),
                        folder.resolve("nginx").toString()),
                environment,
                URI.create("http://127.0.0.1:" + port + "/healthz"));
    }

    /** The port to take for a target: a new proxy's if the hop has proxies. */
    private String through(Hop hop, int target) {
        if (!options.proxied().contains(hop)) {
            return Integer.toString(target);
        }
        TcpProxy proxy = TcpProxy.start(FreePorts.next(), target);
        proxies.computeIfAbsent(hop, _ -> new ArrayList<>()).add(proxy);
        return Integer.toString(proxy.port());
    }

    private static Path newFolder() {
        try {
            Path target = Files.createDirectories(Installation.root().resolve("testing/e2e/target"));
            Path folder = Files.createTempDirectory(target, "stack-");
            Files.createDirectory(folder.resolve("no-page"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it consists of. */
    public StackOptions options() {
        return options;
    }

    /** The page's address, through nginx: by HTTPS if the options say so. */
    public URI url() {
        return url;
    }

    /** The page's address by HTTP; with HTTPS it only sends people there. */
    public URI plainUrl() {
        return plainUrl;
    }

    /** Where a service finds RabbitMQ; of a cluster the first node. */
    public RabbitServer rabbitServer() {
        return rabbitServers.getFirst();
    }

    /** Where a service finds Redis; with a replica the one that led in the beginning. */
    public RedisServer redisServer() {
        return redisServer;
    }

    /** Where everything keeps its data and says what it says. */
    public Path folder() {
        return folder;
    }

    /** The message broker; of a cluster the first node. */
    public Part rabbit() {
        return rabbits.getFirst();
    }

    /** All nodes of the message broker. */
    public List<Part> rabbits() {
        return rabbits;
    }

    /** The node that leads the replicas of a queue; all have to run. */
    public Part leaderOf(String queue) {
        return IntStream.range(0, rabbits.size())
                .filter(index -> rabbitServers.get(index).leads(queue))
                .mapToObj(rabbits::get)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Nobody leads " + queue));
    }

    /** No line between two nodes of the message broker, until it is closed. */
    public Fault cut(Part node, Part other) {
        RabbitServer one = rabbitServers.get(rabbits.indexOf(node));
        RabbitServer another = rabbitServers.get(rabbits.indexOf(other));
        one.cutOffFrom(another);
        return () -> one.reconnectWith(another);
    }

    /** The store; with a replica the one that led in the beginning. */
    public Part redis() {
        return redises.getFirst();
    }

    /** The store that takes what is written. */
    public Part redisLeader() {
        return redises.get(leadsFirst() ? 0 : 1);
    }

    /** The store that copies the other one. */
    public Part redisFollower() {
        return redises.get(leadsFirst() ? 1 : 0);
    }

    /** Whether the store that copies has all that it copied so far on its disk. */
    public boolean isFollowerSaved() {
        RedisServer follower = leadsFirst() ? Objects.requireNonNull(redisReplica) : redisServer;
        return Backstage.hasSavedItsCopy(RedisURI.create(follower.host(), follower.port()));
    }

    private boolean leadsFirst() {
        return backstage().leadingRedisPort(REDIS_NAME) == redisServer.port();
    }

    /** The model's process. */
    public ProcessPart stub() {
        return stub;
    }

    /** The model's knobs and counters. */
    public ModelStub model() {
        return model;
    }

    /** The front door. */
    public ProcessPart nginx() {
        return nginx;
    }

    /** One replica, from 0. */
    public ProcessPart conversation(int index) {
        return conversations.get(index);
    }

    /** Where a replica itself answers, without nginx before it. */
    public URI conversationUrl(int index) {
        return URI.create("http://127.0.0.1:" + conversationPorts.get(index));
    }

    /** All replicas. */
    public List<ProcessPart> conversations() {
        return conversations;
    }

    /** How many sockets a replica holds, calls that are being answered included. */
    public int sockets(int conversation) {
        return Connections.establishedOn(conversationPorts.get(conversation));
    }

    /**
     * The named points of a service.
     *
     * @throws IllegalStateException if the options have none
     */
    public Points points(ProcessPart service) {
        Points those = points.get(service.name());
        if (those == null) {
            throw new IllegalStateException("No points in " + service.name() + ": ask for them in the options");
        }
        return those;
    }

    /** What a service says of itself. */
    public Metrics metrics(ProcessPart service) {
        return new Metrics(actuator(service));
    }

    /** Where whoever runs a service can look at it; ends with a slash. */
    public URI actuator(ProcessPart service) {
        URI actuator = management.get(service.name());
        if (actuator == null) {
            throw new IllegalArgumentException(service.name() + " is no service");
        }
        return actuator;
    }

    /** Another way to the page, for clients whose network alone is bad. */
    public TcpProxy anotherWayIn() {
        return TcpProxy.start(FreePorts.next(), nginxPort);
    }

    /** RabbitMQ's own commands; it must run. */
    public String rabbitControl(String... arguments) {
        return rabbitServers.getFirst().control(arguments);
    }

    /** What the running RabbitMQ holds: how many connections, channels, queues, consumers. */
    public Map<String, Long> rabbitHoldings() {
        String said = rabbitControl("--silent", "eval", """
                [length(rabbit_networking:connections()), length(rabbit_channel:list()),
                 length(rabbit_amqqueue:list()), length(rabbit_amqqueue:consumers_all(<<"/">>))].""");
        List<Long> counts = Stream.of(said.strip().replaceAll("[\\[\\]]", "").split(","))
                .map(Long::valueOf)
                .toList();
        return Map.of(
                "connections", counts.get(0),
                "channels", counts.get(1),
                "queues", counts.get(2),
                "consumers", counts.get(3));
    }

    /**
     * What a service holds: megabytes of heap after a collection, threads, open files and sockets.
     *
     * @throws java.io.UncheckedIOException if it does not answer
     */
    public Map<String, Double> holdings(ProcessPart service) {
        Metrics metrics = metrics(service);
        return Map.of(
                "heap MB",
                        service.liveBytes().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum()
                                / BYTES_PER_MEGABYTE,
                "threads", metrics.value("jvm.threads.live"),
                "files and sockets", metrics.value("process.files.open"));
    }

    /** Throws away all that the killed RabbitMQ has stored. */
    public void wipeRabbit() {
        rabbitServers.getFirst().wipe();
    }

    /** One worker, from 0. */
    public ProcessPart assistant(int index) {
        return assistants.get(index);
    }

    /** All workers. */
    public List<ProcessPart> assistants() {
        return assistants;
    }

    /** Every part. */
    public List<Part> parts() {
        Stream<Part> servers = Stream.concat(rabbits.stream(), redises.stream());
        return Stream.of(servers, Stream.of(stub, nginx), replicas())
                .<Part>flatMap(parts -> parts)
                .toList();
    }

    /**
     * The proxy on a hop: of that replica, or 0 where there is one.
     *
     * @throws IllegalStateException if the options put none there
     */
    public TcpProxy proxy(Hop hop, int index) {
        List<TcpProxy> there = proxies.getOrDefault(hop, List.of());
        if (there.isEmpty()) {
            throw new IllegalStateException("No proxies on " + hop + ": ask for them in the options");
        }
        return there.get(index);
    }

    /** All proxies on a hop; none if the options put none there. */
    public List<TcpProxy> proxies(Hop hop) {
        return List.copyOf(proxies.getOrDefault(hop, List.of()));
    }

    /** Keeps a copy of all that the killed Redis has stored. */
    public void copyRedis() {
        Folders.copy(folder.resolve("redis"), folder.resolve("redis-copy"));
    }

    /** Gives the killed Redis what the last copy had. */
    public void restoreRedis() {
        Folders.copy(folder.resolve("redis-copy"), folder.resolve("redis"));
    }

    /**
     * Fills the disk of Redis until the value is closed.
     *
     * @throws IllegalStateException if the options gave it none for itself
     */
    public Fault redisDiskFull() {
        SmallDisk disk = redisDisk;
        if (disk == null) {
            throw new IllegalStateException("Redis has no disk for itself: ask for one in the options");
        }
        disk.fill();
        return disk::free;
    }

    /** A look behind the scenes. */
    public Backstage backstage() {
        RedisURI address = sentinel == null
                ? RedisURI.create(redisServer.host(), redisServer.port())
                : RedisURI.Builder.sentinel(sentinel.host(), sentinel.port(), REDIS_NAME)
                        .build();
        if (options.leastRights()) {
            address.setCredentialsProvider(new StaticCredentialsProvider(
                    Deployed.CONVERSATION.name(),
                    Deployed.CONVERSATION.password().toCharArray()));
        }
        return new Backstage(address, rabbitServers);
    }

    /** Starts and resumes whatever does not run, so that a failed test does not break the next. */
    public void heal() {
        points.values().forEach(Points::disarm);
        for (Part part : parts()) {
            if (part.isRunning()) {
                part.resume();
            }
            part.start();
        }
    }

    /** The ends of all logs. */
    public String logs(int lines) {
        return parts().stream()
                .map(part -> "---- " + part.name() + (part.isRunning() ? "" : " (not running)") + "\n"
                        + String.join("\n", part.log(lines)))
                .collect(Collectors.joining("\n"));
    }

    /**
     * Writes what all threads of the services are at, a file each; of one that does not answer, why.
     *
     * @param prefix of the files' names
     */
    public void dumpThreads(Path folder, String prefix) throws IOException {
        for (ProcessPart service : replicas().filter(ProcessPart::isRunning).toList()) {
            Path file = folder.resolve(prefix + service.name() + ".threads");
            try {
                service.dumpThreads(file);
            } catch (IllegalStateException e) {
                Files.writeString(file, e.toString());
            }
        }
    }

    /** Ends every process. */
    @Override
    public void close() {
        nginx.kill();
        replicas().forEach(ProcessPart::kill);
        stub.kill();
        Stream.of(sentinel, redisReplica, redisServer).filter(Objects::nonNull).forEach(RedisServer::close);
        if (redisDisk != null) {
            redisDisk.close();
        }
        rabbitServers.reversed().forEach(RabbitServer::close);
        proxies.values().forEach(there -> there.forEach(TcpProxy::close));
    }
}
