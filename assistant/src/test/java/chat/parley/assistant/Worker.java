package chat.parley.assistant;

import chat.parley.events.Id;
import chat.parley.testing.servers.RabbitServer;
import java.util.ArrayList;
import java.util.List;
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
     * @param settings such as {@code OPENAI_BASE_URL=http://…}; environment variables work by their names
     */
    static Worker start(RabbitServer broker, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--RABBITMQ_HOST=" + broker.host(),
                "--RABBITMQ_PORT=" + broker.port(),
                "--RABBITMQ_USERNAME=" + broker.username(),
                "--RABBITMQ_PASSWORD=" + broker.password(),
                "--MANAGEMENT_PORT=0",
                "--MANAGEMENT_ADDRESS=127.0.0.1",
                "--OPENAI_API_KEY=test-key"));
        for (String setting : settings) {
            arguments.add("--" + setting);
        }
        return new Worker(SpringApplication.run(AssistantApplication.class, arguments.toArray(String[]::new)));
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
