package chat.parley.e2e.stack;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        List<String> jvm,
        Map<Kind, Map<String, String>> settings) {
    /** Quick to start, and small. */
    private static final List<String> QUICK = List.of("-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

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
        return new StackOptions(2, 3, Set.of(), false, 1, false, 0, false, QUICK, Map.of());
    }

    /** Other numbers of replicas. */
    public StackOptions replicas(int ofConversation, int ofAssistant) {
        return new StackOptions(
                ofConversation,
                ofAssistant,
                proxied,
                points,
                rabbitNodes,
                sentinel,
                redisDiskMegabytes,
                leastRights,
                jvm,
                settings);
    }

    /** One more hop with proxies. */
    public StackOptions proxied(Hop hop) {
        EnumSet<Hop> hops = EnumSet.of(hop);
        hops.addAll(proxied);
        return new StackOptions(
                conversations,
                assistants,
                hops,
                points,
                rabbitNodes,
                sentinel,
                redisDiskMegabytes,
                leastRights,
                jvm,
                settings);
    }

    /** With named points in the services' code. */
    public StackOptions withPoints() {
        return new StackOptions(
                conversations,
                assistants,
                proxied,
                true,
                rabbitNodes,
                sentinel,
                redisDiskMegabytes,
                leastRights,
                jvm,
                settings);
    }

    /** With a cluster of so many RabbitMQ nodes. */
    public StackOptions rabbitCluster(int nodes) {
        return new StackOptions(
                conversations,
                assistants,
                proxied,
                points,
                nodes,
                sentinel,
                redisDiskMegabytes,
                leastRights,
                jvm,
                settings);
    }

    /** With a replica of Redis, and a Sentinel that makes it take over. */
    public StackOptions redisWithSentinel() {
        return new StackOptions(
                conversations,
                assistants,
                proxied,
                points,
                rabbitNodes,
                true,
                redisDiskMegabytes,
                leastRights,
                jvm,
                settings);
    }

    /** With a disk for Redis alone. */
    public StackOptions redisDisk(int megabytes) {
        return new StackOptions(
                conversations,
                assistants,
                proxied,
                points,
                rabbitNodes,
                sentinel,
                megabytes,
                leastRights,
                jvm,
                settings);
    }

    /** With RabbitMQ and Redis that let each service do what it has to, and nothing else. */
    public StackOptions withLeastRights() {
        return new StackOptions(
                conversations,
                assistants,
                proxied,
                points,
                rabbitNodes,
                sentinel,
                redisDiskMegabytes,
                true,
                jvm,
                settings);
    }

    /** With other options of every Java process. */
    public StackOptions jvm(List<String> options) {
        return new StackOptions(
                conversations,
                assistants,
                proxied,
                points,
                rabbitNodes,
                sentinel,
                redisDiskMegabytes,
                leastRights,
                options,
                settings);
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
        return new StackOptions(
                conversations,
                assistants,
                proxied,
                points,
                rabbitNodes,
                sentinel,
                redisDiskMegabytes,
                leastRights,
                jvm,
                all);
    }

    /** The settings of a kind. */
    public Map<String, String> of(Kind kind) {
        return settings.getOrDefault(kind, Map.of());
    }

    boolean hasTls() {
        return of(Kind.NGINX).containsKey("TLS_CERT");
    }
}
