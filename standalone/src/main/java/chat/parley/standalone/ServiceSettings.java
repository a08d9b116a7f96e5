package chat.parley.standalone;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the services are told in this process, as they would be told by the environment elsewhere.
 *
 * @param addresses of broker, store and demo model
 */
record ServiceSettings(StandaloneProperties properties, Map<String, String> addresses) {
    private static final String OFF = "-1";
    /** On the class path for Conversation's sake only. */
    private static final String REDIS = Stream.of("", "Reactive", "Repositories")
            .map(kind -> "org.springframework.boot.data.redis.autoconfigure.DataRedis" + kind + "AutoConfiguration")
            .collect(Collectors.joining(","));

    Map<String, String> forConversation() {
        Map<String, String> settings = common();
        settings.put("server.address", properties.address());
        settings.put("server.port", Integer.toString(properties.port()));
        Integer managementPort = properties.managementPort();
        settings.put("management.server.port", managementPort == null ? OFF : managementPort.toString());
        settings.put("management.server.address", "127.0.0.1");
        // A store on this machine that is not there says so at once; one that is slow is slow with all the rest.
        settings.put("spring.data.redis.connect-timeout", "10s");
        settings.put("spring.data.redis.timeout", "10s");
        settings.put("parley.reply.declare", "true");
        // There is no second one to share the partitions with.
        settings.put("parley.reply.share-after", "0s");
        settings.put("server.compression.enabled", "true");
        settings.put(
                "server.compression.mime-types",
                "text/html,text/css,text/javascript,text/plain,application/json,application/problem+json,image/svg+xml");
        return settings;
    }

    Map<String, String> forAssistant() {
        Map<String, String> settings = common();
        settings.put("management.server.port", OFF);
        settings.put("spring.autoconfigure.exclude", REDIS);
        settings.put("parley.assistant.declare", "true");
        // Who presses Ctrl-C doesn't wait for a reply; it is written again after the next start.
        settings.put("parley.assistant.drain", "0s");
        settings.put("parley.assistant.drain-end", "2s");
        return settings;
    }

    private Map<String, String> common() {
        Map<String, String> settings = new HashMap<>(addresses);
        // Broker and store are in this process or beside it, and speak no TLS, whatever the environment says of others.
        settings.put("spring.rabbitmq.ssl.enabled", "false");
        settings.put("spring.data.redis.ssl.enabled", "false");
        settings.put("parley.standalone.queue-size", properties.queueSize().toBytes() + "B");
        return settings;
    }
}
