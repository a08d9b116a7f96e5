package chat.parley.standalone;

import chat.parley.assistant.AssistantApplication;
import chat.parley.conversation.ConversationApplication;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Runs all of Parley in one process. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StandaloneProperties.class)
public class StandaloneApplication {
    private static final Logger log = LoggerFactory.getLogger(StandaloneApplication.class);

    /** Ends with 1 and a sentence if Parley can't start; else it runs until it is interrupted or terminated. */
    public static void main(String[] arguments) {
        try {
            StandaloneProperties properties = properties(arguments);
            Parley parley = new Parley(properties, ConversationApplication.class, AssistantApplication.class);
            // The only hook of this process: others would run beside it and take the broker from under the services.
            Runtime.getRuntime().addShutdownHook(new Thread(parley::close, "stop"));
            parley.start();
            System.out.println(greeting(parley, properties));
        } catch (StartupException e) {
            log.debug("Not started", e);
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (RuntimeException e) {
            // Else Spring Boot has said what is wrong.
            UnreadableSetting.sentence(e).ifPresent(System.err::println);
            System.exit(1);
        }
    }

    /** A context of its own for the settings, which also starts the logging of the whole process. */
    static StandaloneProperties properties(String[] arguments) {
        return new SpringApplicationBuilder(StandaloneApplication.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .properties("spring.config.name=standalone")
                .run(arguments)
                .getBean(StandaloneProperties.class);
    }

    private static String greeting(Parley parley, StandaloneProperties properties) {
        String ready = "\nParley is ready: " + parley.url() + "\n";
        return properties.demo()
                ? ready + "The demo model answers, because there is no OPENAI_API_KEY. To talk to a real model, write"
                        + " OPENAI_API_KEY=your key into the file .env and start again.\n"
                : ready;
    }
}
