package chat.parley.conversation;

import chat.parley.testing.servers.RabbitServer;
import chat.parley.testing.servers.RedisServer;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One replica of the service on a free port, against real servers. */
public final class Service implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final int port;

    private Service(ConfigurableApplicationContext context) {
        this.context = context;
        this.port = ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    /**
     * The replica that the tests of this JVM share, with all settings as they are by default but those of
     * {@link Patience}.
     */
    public static Service get() {
        return Shared.SERVICE;
    }

    /**
     * Starts one more.
     *
     * @param settings as {@code name=value}; they win over all others
     */
    public static Service start(String... settings) {
        return start(RedisServer.get(), RabbitServer.get(), settings);
    }

    public static Service start(RedisServer redis, String... settings) {
        return start(redis, RabbitServer.get(), settings);
    }

    public static Service start(RedisServer redis, RabbitServer rabbit, String... settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "server.port",
                0,
                "server.address",
                "127.0.0.1",
                "management.server.port",
                0,
                "management.server.address",
                "127.0.0.1",
                "spring.data.redis.host",
                redis.host(),
                "spring.data.redis.port",
                redis.port(),
                "spring.rabbitmq.host",
                rabbit.host(),
                "spring.rabbitmq.port",
                rabbit.port(),
                "spring.rabbitmq.username",
                rabbit.username(),
                "spring.rabbitmq.password",
                rabbit.password()));
        // Only for the test that describes the calls: nothing of it is in a service that people use.
        all.put("springdoc.api-docs.enabled", "false");
        all.putAll(Patience.SETTINGS);
        for (String setting : settings) {
            int cut = setting.indexOf('=');
            all.put(setting.substring(0, cut), setting.substring(cut + 1));
        }
        return new Service(new SpringApplicationBuilder(ConversationApplication.class, SmallSendBuffers.class)
                .web(WebApplicationType.SERVLET)
                .registerShutdownHook(false)
                .run(all.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new)));
    }

    /** With the system's own buffers, of megabytes, it takes long until a server notices that nobody reads. */
    @Configuration(proxyBeanMethods = false)
    static class SmallSendBuffers {
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> smallSendBuffers() {
            return factory ->
                    factory.addConnectorCustomizers(connector -> connector.setProperty("socket.txBufSize", "16384"));
        }
    }

    public int port() {
        return port;
    }

    public int managementPort() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.management.port"));
    }

    /** The address of a path, as {@code /api/session}. */
    public URI http(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public URI socket() {
        return URI.create("ws://127.0.0.1:" + port + "/ws");
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }

    private static final class Shared {
        static final Service SERVICE = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVICE::close, "close-service"));
        }
    }
}
