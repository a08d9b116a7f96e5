package chat.parley.assistant;

import chat.parley.events.Id;
import chat.parley.testing.servers.RabbitServer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A worker in this JVM, whole and as it is, but on a broker and with settings of a test's choice. */
final class Worker implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    private Worker(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts one.
     *
     * @param settings such as {@code OPENAI_BASE_URL=http://…}; environment variables work by their names; the last of
     *     a name counts
     */
    static Worker start(RabbitServer broker, String... settings) {
        // By name: Spring makes one value, with commas, of an argument that is there twice.
        Map<String, String> all = new LinkedHashMap<>();
        all.put("RABBITMQ_HOST", broker.host());
        all.put("RABBITMQ_PORT", String.valueOf(broker.port()));
        all.put("RABBITMQ_USERNAME", broker.username());
        all.put("RABBITMQ_PASSWORD", broker.password());
        all.put("MANAGEMENT_PORT", "0");
        all.put("MANAGEMENT_ADDRESS", "127.0.0.1");
        all.put("OPENAI_API_KEY", "test-key");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            all.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        String[] arguments = all.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return new Worker(SpringApplication.run(AssistantApplication.class, arguments));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    Id id() {
        return context.getBean(Id.class);
    }

    /** Attempts that it has in hand. */
    int running() {
        return context.getBean(RunningAttempts.class).count();
    }

    /** Breaks the connection on which requests come, as a network can; the one for events stays. */
    void loseConsumingConnection() {
        context.getBean("consuming", CachingConnectionFactory.class).resetConnection();
    }

    /** The same, and opens it anew before anyone has seen that it was gone, as a consumer that recovers can. */
    void replaceConsumingConnection() {
        loseConsumingConnection();
        var _ = context.getBean("consuming", CachingConnectionFactory.class).createConnection();
    }

    int managementPort() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    /** Stops it as SIGTERM does; returns when it has. */
    void stop() {
        context.close();
    }

    @Override
    public void close() {
        stop();
    }
}
