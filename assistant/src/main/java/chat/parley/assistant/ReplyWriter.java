package chat.parley.assistant;

import chat.parley.events.ChatMessage;
import chat.parley.events.FailureCode;
import chat.parley.events.RequestEvent.ReplyRequested;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;

/** Runs one attempt, from its request until the broker has its end. */
final class ReplyWriter {
    private static final Logger log = LoggerFactory.getLogger(ReplyWriter.class);

    private final Provider provider;
    private final ModelClient client;
    private final ContextWindow window;
    private final ProviderGate gate;
    private final Resumption resumption;
    private final FailureClassifier failures;
    private final ReplyPublisher publisher;
    private final TitleWriter titles;
    private final AssistantProperties properties;
    private final AssistantMetrics metrics;

    ReplyWriter(
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
        this.provider = provider;
        this.client = client;
        this.window = window;
        this.gate = gate;
        this.resumption = resumption;
        this.failures = failures;
        this.publisher = publisher;
        this.titles = titles;
        this.properties = properties;
        this.metrics = metrics;
    }

    /** Returns when the broker has the attempt's last event, or when nobody wants it any more. */
    void write(ReplyRequested request, RunningAttempts.Attempt attempt) throws InterruptedException {
        long begin = System.nanoTime();
        String model = request.model() == null ? provider.defaultModel() : request.model();
        ReplyPublisher.Voice voice = publisher.start(request.reply(), request.attempt(), model);
        Outcome outcome;
        try {
            outcome = attempt(request, model, attempt, voice);
        } catch (RuntimeException e) {
            log.error("Attempt {} failed for a fault of ours", request.attempt(), e);
            outcome = new Outcome.Failed(
                    new Failure(FailureCode.INTERNAL, e.getClass().getSimpleName()));
        }
        metrics.ended(outcome);
        log(request, outcome, Duration.ofNanos(System.nanoTime() - begin));
        switch (outcome) {
            case Outcome.Completed completed -> {
                voice.complete(completed.text(), completed.usage()).join();
                titles.titleIfWanted(request, model, completed.text(), voice);
            }
            case Outcome.Failed failed ->
                voice.fail(failed.failure().code(), failed.failure().retryAfter())
                        .join();
            case Outcome.Cancelled _ -> voice.discard();
        }
    }

    private Outcome attempt(
            ReplyRequested request, String model, RunningAttempts.Attempt attempt, ReplyPublisher.Voice voice)
            throws InterruptedException {
        if (!provider.hasKey()) {
            return new Outcome.Failed(new Failure(FailureCode.KEY_REFUSED, "no key"));
        }
        List<Message> messages = messages(request);
        @Nullable Outcome ended = awaitTurn(attempt);
        if (ended != null) {
            return ended;
        }
        if (!gate.tryEnter()) {
            return new Outcome.Failed(new Failure(FailureCode.UNREACHABLE, "breaker"));
        }
        AnswerReader reader = new AnswerReader(properties, failures, voice::text, metrics, gate);
        try (ModelClient.Stream stream = client.stream(model, messages, attempt::tell)) {
            return reader.read(attempt, stream::answered);
        } finally {
            reader.leaveGate();
        }
    }

    /** Waits, heartbeats going on, until the provider may be called; what ended the attempt before that, or null. */
    private @Nullable Outcome awaitTurn(RunningAttempts.Attempt attempt) throws InterruptedException {
        Duration wait = resumption.takeTurn();
        if (wait.isZero()) {
            return null;
        }
        return switch (attempt.pause(wait).orElse(null)) {
            case null -> null;
            case Signal.Cancelled _ -> new Outcome.Cancelled();
            case Signal.Drained _ -> new Outcome.Failed(new Failure(FailureCode.DRAINED, "stopping"));
            case Signal.Chunk _, Signal.Ended _, Signal.Broke _ -> throw new IllegalStateException("Not called yet");
        };
    }

    private List<Message> messages(ReplyRequested request) {
        @Nullable String system = request.systemPrompt();
        List<Message> messages = new ArrayList<>();
        if (system != null && !system.isBlank()) {
            messages.add(new SystemMessage(system));
        }
        for (ChatMessage message : window.cut(system, request.messages())) {
            messages.add(
                    switch (message.role()) {
                        case USER -> new UserMessage(message.text());
                        case ASSISTANT -> new AssistantMessage(message.text());
                    });
        }
        return messages;
    }

    private static void log(ReplyRequested request, Outcome outcome, Duration time) {
        switch (outcome) {
            case Outcome.Completed completed ->
                log.info(
                        "Attempt {} completed: {} messages in, {} chars out, {} ms",
                        request.attempt(),
                        request.messages().size(),
                        completed.text().length(),
                        time.toMillis());
            case Outcome.Failed(Failure failure) ->
                log.warn(
                        "Attempt {} failed: {} ({}), {} ms",
                        request.attempt(),
                        failure.code().json(),
                        failure.detail(),
                        time.toMillis());
            case Outcome.Cancelled _ ->
                log.info("Attempt {} cancelled after {} ms", request.attempt(), time.toMillis());
        }
    }
}
