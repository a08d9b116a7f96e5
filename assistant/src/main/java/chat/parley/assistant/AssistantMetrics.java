package chat.parley.assistant;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** What a worker counts. Tags are bounded: outcomes and failure codes, never ids or models. */
final class AssistantMetrics {
    private final MeterRegistry registry;
    private final Counter messages;
    private final Counter events;
    private final Counter resent;
    private final Counter malformed;
    private final Counter seenAgain;
    private final Timer firstToken;

    AssistantMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.messages = registry.counter("parley.assistant.published.messages");
        this.events = registry.counter("parley.assistant.published.events");
        this.resent = registry.counter("parley.assistant.published.again");
        this.malformed = registry.counter("parley.assistant.requests.malformed");
        this.seenAgain = registry.counter("parley.assistant.requests.again");
        this.firstToken = registry.timer("parley.assistant.first.token");
    }

    /** A message of so many events is with the broker. */
    void said(int eventsInMessage) {
        messages.increment();
        events.increment(eventsInMessage);
    }

    void resent() {
        resent.increment();
    }

    void malformed() {
        malformed.increment();
    }

    void seenAgain() {
        seenAgain.increment();
    }

    /** From the call to the first piece of the answer. */
    void firstToken(Duration time) {
        firstToken.record(time);
    }

    void ended(Outcome outcome) {
        String name = switch (outcome) {
            case Outcome.Completed _ -> "completed";
            case Outcome.Failed failed -> failed.failure().code().name().toLowerCase(Locale.ROOT);
            case Outcome.Cancelled _ -> "cancelled";
        };
        registry.counter("parley.assistant.attempts", "outcome", name).increment();
    }
}
