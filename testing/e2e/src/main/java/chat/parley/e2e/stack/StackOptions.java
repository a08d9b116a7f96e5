package chat.parley.e2e.stack;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a stack consists of.
 *
 * @param proxied hops on which proxies stand; without one the processes speak to each other directly
 * @param points whether the services can be stopped at named points of their code
 * @param rabbitNodes of one RabbitMQ cluster
 * @param sentinel whether Redis has a replica that takes over; services then speak to Redis without a proxy
 * @param redisDiskMegabytes size of a disk that Redis has for itself, which takes root; 0 for no such disk
 * @param leastRights whether RabbitMQ and Redis are as {@code docker-compose.yml} has them: each service has a user of
 *     its own there, and no one else has; otherwise there are one user who may do everything, and none
 * @param asInImages whether services start with the cache that the images have, which points don't go with
 * @param jvm options of every Java process
 * @param settings environment variables of every process of a kind
 */
public record StackOptions(
        int conversations,
        int assistants,
        Set<Hop> proxied,
        boolean points,
        int rabbitNodes,
        boolean sentinel,
        int redisDiskMegabytes,
        boolean leastRights,
        boolean asInImages,
        List<String> jvm,
        Map<Kind, Map<String, String>> settings) {
    /** Quick to start, and small. */
    private static final List<String> QUICK = List.of("-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /**
     * As in the images ({@code deploy/jvm.options}), in a container of 768 MB: the shares of it that the heap has at
     * most and at first, as numbers.
     */
    public static final List<String> IN_IMAGES = List.of(
            "-Xmx460m", "-Xms12m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseCompactObjectHeaders", "-XX:+UseG1GC");

    /** Who can be given settings. */
    public enum Kind {
        CONVERSATION,
        ASSISTANT,
        NGINX
    }

    /** Copies what it is given. */
    public StackOptions {
        proxied = Set.copyOf(proxied);
        jvm = List.copyOf(jvm);
        settings = Map.copyOf(settings);
    }

    /** Two Conversations and three Assistants, as delivered. */
    public static StackOptions standard() {
        return new StackOptions(2, 3, Set.of(), false, 1, false, 0, false, false, QUICK, Map.of());
    }

    /** Other numbers of replicas. */
    public StackOptions replicas(int ofConversation, int ofAssistant) {
        return with(draft -> {
            draft.conversations = ofConversation;
            draft.assistants = ofAssistant;
        });
    }

    /** One more hop with proxies. */
    public StackOptions proxied(Hop hop) {
        EnumSet<Hop> hops = EnumSet.of(hop);
        hops.addAll(proxied);
        return with(draft -> draft.proxied = hops);
    }

    /** With named points in the services' code. */
    public StackOptions withPoints() {
        return with(draft -> draft.points = true);
    }

    /** With a cluster of so many RabbitMQ nodes. */
    public StackOptions rabbitCluster(int nodes) {
        return with(draft -> draft.rabbitNodes = nodes);
    }

    /** With a replica of Redis, and a Sentinel that makes it take over. */
    public StackOptions redisWithSentinel() {
        return with(draft -> draft.sentinel = true);
    }

    /** With a disk for Redis alone. */
    public StackOptions redisDisk(int megabytes) {
        return with(draft -> draft.redisDiskMegabytes = megabytes);
    }

    /** With RabbitMQ and Redis that let each service do what it has to, and nothing else. */
    public StackOptions withLeastRights() {
        return with(draft -> draft.leastRights = true);
    }

    /** With services that start as in the images. */
    public StackOptions startedAsInImages() {
        return with(draft -> draft.asInImages = true);
    }

    /** With other options of every Java process. */
    public StackOptions jvm(List<String> options) {
        return with(draft -> draft.jvm = options);
    }

    /** One more setting of every Conversation. */
    public StackOptions conversation(String name, String value) {
        return with(Kind.CONVERSATION, name, value);
    }

    /** One more setting of every Assistant. */
    public StackOptions assistant(String name, String value) {
        return with(Kind.ASSISTANT, name, value);
    }

    /**
     * With HTTPS by nginx, at {@code https://localhost} and a port.
     *
     * @param certificate a PEM file
     * @param key its key, a PEM file
     */
    public StackOptions tls(Path certificate, Path key) {
        return with(Kind.NGINX, "TLS_CERT", certificate.toString()).with(Kind.NGINX, "TLS_KEY", key.toString());
    }

    private StackOptions with(Kind kind, String name, String value) {
        Map<String, String> more = new HashMap<>(of(kind));
        more.put(name, value);
        EnumMap<Kind, Map<String, String>> all = new EnumMap<>(Kind.class);
        all.putAll(settings);
        all.put(kind, Map.copyOf(more));
        return with(draft -> draft.settings = all);
    }

    private StackOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options that one thing is being changed of. */
    private static final class Draft {
        private int conversations;
        private int assistants;
        private Set<Hop> proxied;
        private boolean points;
        private int rabbitNodes;
        private boolean sentinel;
        private int redisDiskMegabytes;
        private boolean leastRights;
        private boolean asInImages;
        private List<String> jvm;
        private Map<Kind, Map<String, String>> settings;

        Draft(StackOptions of) {
            conversations = of.conversations;
            assistants = of.assistants;
            proxied = of.proxied;
            points = of.points;
            rabbitNodes = of.rabbitNodes;
            sentinel = of.sentinel;
            redisDiskMegabytes = of.redisDiskMegabytes;
            leastRights = of.leastRights;
            asInImages = of.asInImages;
            jvm = of.jvm;
            settings = of.settings;
        }

        StackOptions options() {
            return new StackOptions(
                    conversations,
                    assistants,
                    proxied,
                    points,
                    rabbitNodes,
                    sentinel,
                    redisDiskMegabytes,
                    leastRights,
                    asInImages,
                    jvm,
                    settings);
        }
    }

    /** The settings of a kind. */
    public Map<String, String> of(Kind kind) {
        return settings.getOrDefault(kind, Map.of());
    }

    boolean hasTls() {
        return of(Kind.NGINX).containsKey("TLS_CERT");
    }
}
