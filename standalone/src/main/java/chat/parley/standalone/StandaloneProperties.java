package chat.parley.standalone;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How the one process runs.
 *
 * @param address where the page is served: a host name or an address of this machine, 0.0.0.0 for all. The default is
 *     for this machine only, because there is no TLS
 * @param port where the page is served
 * @param managementPort where health and metrics are served, on the loopback address; by default nowhere
 * @param dataDir keeps everything that must not be lost
 * @param redisServer the {@code redis-server} to use; by default the one that comes with Parley, or an installed one
 * @param openaiApiKey without one, or with the example's own, the demo model answers
 * @param queueSize bound of each of the embedded broker's queues; it bounds the broker's memory
 * @param stopTimeout how long each part may take to stop; then it is left behind, and all threads are written to
 *     {@code threads.txt} in the data directory. Services give back what they are at within {@code drain-end}, and the
 *     store is ended by force before that
 */
@Validated
@ConfigurationProperties("parley.standalone")
record StandaloneProperties(
        @DefaultValue("localhost") String address,
        @DefaultValue("8080") @Min(1) @Max(65_535) int port,
        @Nullable Integer managementPort,
        @DefaultValue("data") Path dataDir,
        @Nullable Path redisServer,
        @DefaultValue("") String openaiApiKey,
        @DefaultValue("8MB") DataSize queueSize,
        @DefaultValue("30s") Duration stopTimeout) {
    private static final String EXAMPLE_KEY = "your-openai-api-key";

    boolean demo() {
        return openaiApiKey.isBlank() || openaiApiKey.strip().equals(EXAMPLE_KEY);
    }
}
