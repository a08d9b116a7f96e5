package chat.parley.assistant;

import com.openai.client.OpenAIClientAsyncImpl;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.http.okhttp.SpringAiOpenAiHttpClient;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The client of the model's provider. */
@Configuration(proxyBeanMethods = false)
class ModelConfiguration {
    private static final Logger log = LoggerFactory.getLogger(ModelConfiguration.class);
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);
    /** Over HTTP/2 all calls share a connection; one that a network has forgotten must not be used for long. */
    private static final Duration PING = Duration.ofSeconds(20);
    /** Titles are asked for beside replies. */
    private static final int CALLS_PER_REPLY = 2;

    @Bean
    Provider provider(ProviderProperties properties) {
        Provider provider = Provider.of(properties);
        if (provider.demo()) {
            log.info(
                    "No OPENAI_API_KEY: the demo model at {} answers as {}",
                    provider.baseUrl(),
                    provider.defaultModel());
        } else if (provider.hasKey()) {
            log.info("Replies come from {} (models {})", provider.baseUrl(), provider.models());
        } else {
            log.warn("No OPENAI_API_KEY and no demo model: every reply will fail until a key is set and the worker"
                    + " started again");
        }
        return provider;
    }

    @Bean
    ContextWindow contextWindow(ProviderProperties properties) {
        return ContextWindow.of(properties);
    }

    @Bean
    FailureClassifier failureClassifier() {
        return new FailureClassifier(Clock.systemUTC());
    }

    @Bean
    HttpCalls httpCalls(AssistantProperties properties, SslBundles bundles) {
        SslBundle tls = bundles.getBundle("model");
        OkHttpClient client = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(properties.timeouts().connect())
                .pingInterval(PING)
                // Whoever has the handle of a call says how long he waits for the next token, and a call has a time of
                // its own; a time-out of each read besides would cost a timer for each.
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .connectionPool(
                        new ConnectionPool(properties.concurrency(), KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS))
                .sslSocketFactory(tls.createSslContext().getSocketFactory(), trustManager(tls))
                .build();
        return new HttpCalls(client, properties.maxAnswerSize());
    }

    /**
     * Threads for the SDK: one waits for each call, as long as it takes; the end of the worker does not wait for them.
     */
    @Bean(destroyMethod = "shutdownNow")
    ExecutorService modelThreads() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("model-", 0).factory());
    }

    @Bean
    SpringAiOpenAiHttpClient modelHttpClient(
            AssistantProperties properties, HttpCalls calls, ExecutorService modelThreads) {
        SpringAiOpenAiHttpClient client = SpringAiOpenAiHttpClient.builder()
                .timeout(properties.timeouts().total())
                .dispatcherExecutorService(modelThreads)
                .interceptor(calls)
                .build();
        // OkHttp's own limit is 64, and its builder leaves no way to another one.
        Dispatcher dispatcher = client.getOkHttpClient().dispatcher();
        dispatcher.setMaxRequests(CALLS_PER_REPLY * properties.concurrency());
        dispatcher.setMaxRequestsPerHost(CALLS_PER_REPLY * properties.concurrency());
        return client;
    }

    /** There is always one: Java's own, if the bundle names no authority. */
    private static X509TrustManager trustManager(SslBundle tls) {
        return Arrays.stream(tls.getManagers().getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Bean
    ModelClient modelClient(
            Provider provider,
            ProviderProperties providerProperties,
            AssistantProperties properties,
            HttpCalls calls,
            SpringAiOpenAiHttpClient modelHttpClient,
            ExecutorService modelThreads) {
        Duration total = properties.timeouts().total();
        // Made by hand: what Spring AI would make reads OPENAI_BASE_URL and OPENAI_API_KEY from the environment.
        ClientOptions options = ClientOptions.builder()
                .httpClient(modelHttpClient)
                .streamHandlerExecutor(modelThreads)
                .baseUrl(provider.baseUrl())
                .apiKey(provider.hasKey() ? provider.apiKey() : "none")
                .timeout(total)
                .maxRetries(0)
                .putHeader("User-Agent", "Parley")
                .build();
        OpenAiChatModel model = OpenAiChatModel.builder()
                .openAiClient(new OpenAIClientImpl(options))
                .openAiClientAsync(new OpenAIClientAsyncImpl(options))
                .options(OpenAiChatOptions.builder()
                        .model(provider.defaultModel())
                        .build())
                .build();
        ModelClient client = new ModelClient(model, calls, provider, providerProperties.maxOutputTokens(), total);
        modelThreads.execute(client::rehearse);
        return client;
    }
}
