package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ModelConfigurationTest {
    @EnableConfigurationProperties({AssistantProperties.class, ProviderProperties.class})
    private static final class Settings {}

    @Test
    void endsWithoutWaitingForWhatWaitsForTheProvider() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try {
            Thread life = Thread.ofPlatform()
                    .daemon()
                    .start(() -> new ApplicationContextRunner()
                            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
                            .withUserConfiguration(Settings.class, ModelConfiguration.class)
                            .withPropertyValues(
                                    "parley.assistant.provider.api-key=sk-test",
                                    "spring.ssl.bundle.pem.model.truststore.certificate=")
                            .run(context -> {
                                context.getBean("modelThreads", ExecutorService.class)
                                        .execute(() -> waitFor(never, waits));
                                waits.await();
                            }));
            assertThat(life.join(Duration.ofMinutes(1))).as("ended").isTrue();
            assertThat(waits.getCount()).isZero();
        } finally {
            never.countDown();
        }
    }

    private static void waitFor(CountDownLatch never, CountDownLatch waits) {
        waits.countDown();
        try {
            never.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
