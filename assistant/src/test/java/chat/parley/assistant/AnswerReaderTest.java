package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.FailureCode;
import chat.parley.events.ReplyName;
import chat.parley.events.Usage;
import com.openai.errors.OpenAIIoException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AnswerReaderTest {
    private final Throwable lost = new OpenAIIoException("lost", new ConnectException());

    private final AssistantProperties properties = new Binder(new MapConfigurationPropertySource(Map.of(
                    "parley.assistant.max-reply-chars", "1000",
                    "parley.assistant.timeouts.first-token", "200ms",
                    "parley.assistant.timeouts.next-token", "100ms",
                    "parley.assistant.timeouts.after-finish", "50ms",
                    "parley.assistant.timeouts.total", "400ms",
                    "parley.assistant.breaker.failures", "1")))
            .bindOrCreate("parley.assistant", AssistantProperties.class);
    private final ProviderGate gate =
            new ProviderGate(properties.breaker(), new Resumption(properties.resume(), System::nanoTime));
    private final StringBuilder said = new StringBuilder();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final RunningAttempts.Attempt attempt =
            new RunningAttempts(timer).begin(ReplyName.parse("u/c/r"), 1).orElseThrow();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private Outcome read(boolean answered, Signal... signals) throws InterruptedException {
        for (Signal signal : signals) {
            attempt.tell(signal);
        }
        assertThat(gate.tryEnter()).isTrue();
        AnswerReader reader = new AnswerReader(
                properties,
                new FailureClassifier(Clock.systemUTC()),
                said::append,
                new AssistantMetrics(new SimpleMeterRegistry()),
                gate);
        try {
            return reader.read(attempt, () -> answered);
        } finally {
            reader.leaveGate();
        }
    }

    private static Signal text(String text) {
        return new Signal.Chunk(text, null, null);
    }

    private static Signal finish(String reason) {
        return new Signal.Chunk("", reason, null);
    }

    private static FailureCode code(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed ? failed.failure().code() : null;
    }

    @Test
    void readsAWholeAnswerWithItsUsage() throws InterruptedException {
        assertThat(read(
                        true,
                        text("Hel"),
                        text("lo \uD83D"),
                        text("\uDE00"),
                        finish("STOP"),
                        new Signal.Chunk("", null, new Usage(3, 4)),
                        new Signal.Ended()))
                .isEqualTo(new Outcome.Completed("Hello \uD83D\uDE00", new Usage(3, 4)));
        assertThat(said).hasToString("Hello \uD83D\uDE00");
    }

    @Test
    void endsAPairThatTheModelNeverCompleted() throws InterruptedException {
        assertThat(read(true, text("a\uD83D"), finish("LENGTH"), new Signal.Ended()))
                .isEqualTo(new Outcome.Completed("a\uFFFD", null));
        assertThat(said).hasToString("a\uFFFD");
    }

    @Test
    void takesAnEndWithoutAReasonForBrokenOff() throws InterruptedException {
        assertThat(code(read(true, text("a"), new Signal.Ended()))).isEqualTo(FailureCode.BROKEN_OFF);
    }

    @Test
    void takesABreakAfterTheReasonForAnEnd() throws InterruptedException {
        assertThat(read(true, text("a"), finish("STOP"), new Signal.Broke(lost)))
                .isEqualTo(new Outcome.Completed("a", null));
    }

    @Test
    void waitsOnlyAWhileForTheEndAfterTheReason() throws InterruptedException {
        assertThat(read(true, text("a"), finish("STOP"))).isEqualTo(new Outcome.Completed("a", null));
    }

    @Test
    void tellsSilenceFromAnEnd() throws InterruptedException {
        assertThat(code(read(true))).isEqualTo(FailureCode.HUNG);
        assertThat(code(read(true, text("a")))).isEqualTo(FailureCode.HUNG);
    }

    @Test
    void refusesAnAnswerWithoutWords() throws InterruptedException {
        assertThat(code(read(true, text(" \n"), finish("STOP"), new Signal.Ended())))
                .isEqualTo(FailureCode.EMPTY_REPLY);
    }

    @Test
    void refusesAnAnswerThatIsTooLong() throws InterruptedException {
        assertThat(code(read(true, text("a".repeat(1_001))))).isEqualTo(FailureCode.REPLY_TOO_LONG);
    }

    @Test
    void saysWhenAFilterEndedIt() throws InterruptedException {
        assertThat(code(read(true, text("a"), finish("CONTENT_FILTER"), new Signal.Ended())))
                .isEqualTo(FailureCode.CONTENT_FILTERED);
    }

    @Test
    void obeys() throws InterruptedException {
        assertThat(read(true, text("a"), new Signal.Cancelled())).isInstanceOf(Outcome.Cancelled.class);
        assertThat(code(read(true, new Signal.Drained()))).isEqualTo(FailureCode.DRAINED);
    }

    @Test
    void shutsTheGateOnlyForAProviderThatIsNotThere() throws InterruptedException {
        assertThat(code(read(true, new Signal.Broke(lost)))).isEqualTo(FailureCode.BROKEN_OFF);
        assertThat(gate.state()).isEqualTo(ProviderGate.State.OPEN);
        assertThat(code(read(false, new Signal.Broke(lost)))).isEqualTo(FailureCode.UNREACHABLE);
        assertThat(gate.state()).isEqualTo(ProviderGate.State.SHUT);
    }

    @Test
    void endsALongAnswerInTheEnd() throws InterruptedException {
        Thread model = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                attempt.tell(text("."));
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        });
        try {
            assertThat(code(read(true))).isEqualTo(FailureCode.HUNG);
            assertThat(said.length()).isPositive();
        } finally {
            model.interrupt();
        }
    }
}
