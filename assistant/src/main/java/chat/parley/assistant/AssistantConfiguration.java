package chat.parley.assistant;

import chat.parley.events.EventJson;
import chat.parley.events.Id;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts of the worker, put together. */
@Configuration(proxyBeanMethods = false)
class AssistantConfiguration {
    /** Its tasks only hand over to threads that may wait. */
    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService timer() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("timer").daemon().factory());
    }

    @Bean
    AssistantMetrics assistantMetrics(MeterRegistry registry) {
        return new AssistantMetrics(registry);
    }

    @Bean
    Resumption resumption(AssistantProperties properties) {
        return new Resumption(properties.resume(), System::nanoTime);
    }

    @Bean
    ProviderGate providerGate(AssistantProperties properties, Resumption resumption) {
        return new ProviderGate(properties.breaker(), resumption);
    }

    @Bean
    RunningAttempts runningAttempts(@Qualifier("timer") ScheduledExecutorService timer, MeterRegistry registry) {
        RunningAttempts attempts = new RunningAttempts(timer);
        Gauge.builder("parley.assistant.running", attempts, RunningAttempts::count)
                .strongReference(true)
                .register(registry);
        return attempts;
    }

    @Bean
    ReplyPublisher replyPublisher(
            Id worker,
            EventJson json,
            ReplySender sender,
            @Qualifier("timer") ScheduledExecutorService timer,
            AssistantProperties properties,
            AssistantMetrics metrics) {
        return new ReplyPublisher(worker, json, sender, timer, properties.publishing(), metrics);
    }

    @Bean
    TitleWriter titleWriter(ModelClient client, Resumption resumption, AssistantProperties properties) {
        return new TitleWriter(client, resumption, properties);
    }

    @Bean
    ReplyWriter replyWriter(
            Provider provider,
            ModelClient client,
            ContextWindow window,
            ProviderGate gate,
            Resumption resumption,
            FailureClassifier failures,
            ReplyPublisher publisher,
            TitleWriter titles,
            AssistantProperties properties,
            AssistantMetrics metrics) {
        return new ReplyWriter(
                provider, client, window, gate, resumption, failures, publisher, titles, properties, metrics);
    }

    @Bean
    RequestListener requestListener(
            EventJson json,
            RunningAttempts attempts,
            ReplyWriter writer,
            ReplyPublisher publisher,
            AssistantMetrics metrics) {
        return new RequestListener(json, attempts, writer, publisher, metrics);
    }

    @Bean
    RequestIntake requestIntake(
            @Qualifier("consuming") CachingConnectionFactory consuming,
            RequestListener listener,
            ProviderGate gate,
            AssistantProperties properties) {
        return new RequestIntake(consuming, listener, gate, properties);
    }

    @Bean
    ControlListener controlListener(Id worker, EventJson json, RunningAttempts attempts) {
        return new ControlListener(worker, json, attempts);
    }

    @Bean
    Announcer announcer(
            Id worker,
            Provider provider,
            ProviderGate gate,
            RunningAttempts attempts,
            EventJson json,
            @Qualifier("hints") RabbitTemplate hints,
            AssistantProperties properties,
            @Qualifier("timer") ScheduledExecutorService timer) {
        return new Announcer(worker, provider, gate, attempts, json, hints, properties, timer);
    }

    @Bean
    Drain drain(Announcer announcer, RequestIntake intake, RunningAttempts attempts, AssistantProperties properties) {
        return new Drain(announcer, intake, attempts, properties);
    }
}
