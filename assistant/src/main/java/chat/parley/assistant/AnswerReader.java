package chat.parley.assistant;

import chat.parley.events.FailureCode;
import chat.parley.events.Usage;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one answer to its end, whatever end that is. Used once, by one thread. */
final class AnswerReader {
    private static final String FILTERED = "CONTENT_FILTER";

    private final AssistantProperties properties;
    private final FailureClassifier failures;
    private final Consumer<String> said;
    private final AssistantMetrics metrics;
    private final ProviderGate gate;

    private final SurrogateJoiner joiner = new SurrogateJoiner();
    private final StringBuilder text = new StringBuilder();
    private final long begin = System.nanoTime();
    private boolean begun;
    private boolean leftGate;
    private @Nullable String finishReason;
    private @Nullable Usage usage;

    /**
     * Makes one whose caller has entered the gate.
     *
     * @param said gets the text, piece by piece
     */
    AnswerReader(
            AssistantProperties properties,
            FailureClassifier failures,
            Consumer<String> said,
            AssistantMetrics metrics,
            ProviderGate gate) {
        this.properties = properties;
        this.failures = failures;
        this.said = said;
        this.metrics = metrics;
        this.gate = gate;
    }

    /**
     * Reads until the answer has ended or is not wanted.
     *
     * @param answered whether the provider began to answer with success
     */
    Outcome read(RunningAttempts.Attempt attempt, BooleanSupplier answered) throws InterruptedException {
        while (true) {
            @Nullable Signal signal = attempt.next(patience()).orElse(null);
            @Nullable Outcome outcome = signal == null ? silence() : on(signal, answered);
            if (outcome != null) {
                return outcome;
            }
        }
    }

    /** Tells the gate, if {@link #read} has not, that this call says nothing about the provider. */
    void leaveGate() {
        if (!leftGate) {
            leftGate = true;
            gate.unknown();
        }
    }

    private @Nullable Outcome on(Signal signal, BooleanSupplier answered) {
        return switch (signal) {
            case Signal.Chunk chunk -> chunk(chunk);
            case Signal.Ended _ -> end();
            case Signal.Broke broke -> broke(failures.classify(broke.cause(), answered.getAsBoolean()));
            case Signal.Cancelled _ -> new Outcome.Cancelled();
            case Signal.Drained _ -> failed(FailureCode.DRAINED, "stopping");
        };
    }

    private @Nullable Outcome chunk(Signal.Chunk chunk) {
        if (!begun) {
            begun = true;
            providerAnswered();
            metrics.firstToken(Duration.ofNanos(System.nanoTime() - begin));
        }
        if (chunk.finishReason() != null) {
            finishReason = chunk.finishReason();
        }
        if (chunk.usage() != null) {
            usage = chunk.usage();
        }
        say(joiner.add(chunk.text()));
        return text.length() > properties.maxReplyChars()
                ? failed(FailureCode.REPLY_TOO_LONG, text.length() + " chars")
                : null;
    }

    private void say(String piece) {
        if (!piece.isEmpty()) {
            text.append(piece);
            said.accept(piece);
        }
    }

    private Outcome end() {
        say(joiner.end());
        if (finishReason == null) {
            return failed(FailureCode.BROKEN_OFF, "no finish reason");
        }
        if (finishReason.equals(FILTERED)) {
            return failed(FailureCode.CONTENT_FILTERED, "finish reason");
        }
        return text.toString().isBlank()
                ? failed(FailureCode.EMPTY_REPLY, finishReason)
                : new Outcome.Completed(text.toString(), usage);
    }

    private Outcome broke(Failure failure) {
        if (finishReason != null) {
            return end(); // all is said: what broke was only the good-bye
        }
        if (!leftGate) {
            if (failure.code() == FailureCode.UNREACHABLE) {
                leftGate = true;
                gate.unreachable();
            } else if (failure.code() != FailureCode.INTERNAL) {
                providerAnswered();
            }
        }
        return new Outcome.Failed(failure);
    }

    private Outcome silence() {
        return finishReason != null ? end() : failed(FailureCode.HUNG, begun ? "next token" : "first token");
    }

    private Duration patience() {
        Duration left = properties.timeouts().total().minusNanos(System.nanoTime() - begin);
        Duration step;
        if (finishReason != null) {
            step = properties.timeouts().afterFinish();
        } else {
            step = begun
                    ? properties.timeouts().nextToken()
                    : properties.timeouts().firstToken();
        }
        return step.compareTo(left) < 0 ? step : left;
    }

    private void providerAnswered() {
        if (!leftGate) {
            leftGate = true;
            gate.answered();
        }
    }

    private static Outcome failed(FailureCode code, String detail) {
        return new Outcome.Failed(new Failure(code, detail));
    }
}
