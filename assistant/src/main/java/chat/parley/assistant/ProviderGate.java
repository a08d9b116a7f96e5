package chat.parley.assistant;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A circuit breaker for the model's provider. Only "could not be reached" counts: a provider that refuses, limits or
 * hangs is there. While it is shut nobody calls; then a single call is let through to see. When it opens again a
 * {@link Resumption} begins.
 */
final class ProviderGate {
    private static final Logger log = LoggerFactory.getLogger(ProviderGate.class);
    private static final float ALL = 100f;

    /** What the worker may do. */
    enum State {
        /** Take requests. */
        OPEN,
        /** Take a single request. */
        PROBING,
        /** Take none. */
        SHUT
    }

    private final CircuitBreaker breaker;
    private final Resumption resumption;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    ProviderGate(AssistantProperties.Breaker properties, Resumption resumption) {
        this.resumption = resumption;
        breaker = CircuitBreaker.of(
                "provider",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(properties.failures())
                        .minimumNumberOfCalls(properties.failures())
                        .failureRateThreshold(ALL)
                        .waitDurationInOpenState(properties.probeAfter())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .automaticTransitionFromOpenToHalfOpenEnabled(true)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> changed());
    }

    State state() {
        return switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> State.OPEN;
            case HALF_OPEN -> State.PROBING;
            case OPEN, FORCED_OPEN -> State.SHUT;
        };
    }

    /** Calls back on each change of {@link #state}, on the thread that made it: a call's own, before it ends. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    /** Asks to call. Who may is to say how it went, exactly once. */
    boolean tryEnter() {
        return breaker.tryAcquirePermission();
    }

    /** The provider answered something. */
    void answered() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /** The provider could not be reached. */
    void unreachable() {
        breaker.onError(0, TimeUnit.NANOSECONDS, new IllegalStateException("unreachable"));
    }

    /** The call ended in a way that says nothing about the provider. */
    void unknown() {
        breaker.releasePermission();
    }

    private void changed() {
        switch (state()) {
            case OPEN -> {
                log.info("The provider is back");
                resumption.begin(); // before anyone hears of it, and calls
            }
            case PROBING -> log.info("Trying the provider with one request");
            case SHUT -> log.warn("The provider can't be reached: taking no requests for now");
        }
        watchers.forEach(Runnable::run);
    }
}
