package chat.parley.assistant;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spreads the calls of this worker when the provider is back from an outage, so that what piled up meanwhile does not
 * throw it down again. It ends once no call had to wait for a while; before it begins and after its end none ever
 * waits. Thread-safe.
 */
final class Resumption {
    private static final Logger log = LoggerFactory.getLogger(Resumption.class);
    /** By how much calls may lag on their way, one more than another, without being more a second at the provider. */
    private static final Duration SCATTER = Duration.ofMillis(100);
    /** More than any call waits. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final RateLimiterConfig config;
    private final long calmNanos;
    private final LongSupplier nanoTime;
    private @Nullable RateLimiter limiter;
    private long calmSince;

    Resumption(AssistantProperties.Resume properties, LongSupplier nanoTime) {
        // One turn in each period, and any second touches at most as many periods as it may have calls.
        Duration period = Duration.ofSeconds(1).plus(SCATTER).dividedBy(Math.max(1, properties.rate() - 1));
        this.config = RateLimiterConfig.custom()
                .limitForPeriod(1)
                .limitRefreshPeriod(period)
                .timeoutDuration(LONGEST_WAIT)
                .build();
        this.calmNanos = properties.calm().toNanos();
        this.nanoTime = nanoTime;
    }

    /** The provider is back: the call that showed it has had the first turn. */
    synchronized void begin() {
        if (limiter == null) {
            limiter = RateLimiter.of("resumption", config);
        }
        calmSince = nanoTime.getAsLong() + limiter.reservePermission();
    }

    /** Takes the next turn to call, and says how long it is until then; zero if it is now. */
    synchronized Duration takeTurn() {
        long now = nanoTime.getAsLong();
        if (limiter != null && now - calmSince > calmNanos) {
            log.info("What waited for the provider is done");
            limiter = null;
        }
        if (limiter == null) {
            return Duration.ZERO;
        }
        long wait = limiter.reservePermission();
        if (wait > 0) {
            calmSince = now + wait;
        }
        return Duration.ofNanos(wait);
    }
}
