package chat.parley.assistant;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The Assistant service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class AssistantApplication {
    /** Starts the service; its settings are environment variables. */
    public static void main(String[] args) {
        SpringApplication.run(AssistantApplication.class, args);
    }
}
