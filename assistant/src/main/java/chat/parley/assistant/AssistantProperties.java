package chat.parley.assistant;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of a worker. Those that are environment variables are not primitive, so that a blank one counts as not set.
 *
 * @param declare whether the service declares exchanges and queues; false where its user may not
 *     ({@code RABBITMQ_DECLARE})
 * @param concurrency most calls to the model at once ({@code ASSISTANT_CONCURRENCY})
 * @param titles whether conversations get a title by the model after their first reply ({@code TITLES})
 * @param maxReplyChars longest reply, in UTF-16 units; a longer one fails
 * @param maxAnswerSize most of a provider's answer that is held at once, unpacked: an event of a stream, or the whole
 *     of an error or an answer in one piece; the call ends at a longer one
 * @param announceEvery how often the worker says that it is there
 * @param reconnect between two tries to reach the broker
 * @param drain how long replies that are being written may go on when the worker was asked to stop
 * @param drainEnd how long those that were given back then may take until the broker knows
 */
@Validated
@ConfigurationProperties("parley.assistant")
record AssistantProperties(
        @DefaultValue("true") Boolean declare,
        @DefaultValue("64") @Min(1) @Max(5_000) Integer concurrency,
        @DefaultValue("true") Boolean titles,
        @DefaultValue("400000") @Min(1_000) @Max(800_000) int maxReplyChars,
        @DefaultValue("8MB") DataSize maxAnswerSize,
        @DefaultValue("2s") Duration announceEvery,
        @DefaultValue("200ms") Duration reconnect,
        @DefaultValue("30s") Duration drain,
        @DefaultValue("5s") Duration drainEnd,
        @DefaultValue @Valid Timeouts timeouts,
        @DefaultValue @Valid Publishing publishing,
        @DefaultValue @Valid Breaker breaker,
        @DefaultValue @Valid Resume resume,
        @DefaultValue @Valid Title title) {

    /**
     * How long the model's provider may be silent.
     *
     * @param connect until a connection stands
     * @param firstToken until the first piece of the answer
     * @param nextToken between two pieces
     * @param afterFinish from the finish reason to the end of the stream; then the reply counts as whole without it
     * @param total from the call to the end of the answer
     */
    record Timeouts(
            @DefaultValue("10s") Duration connect,
            @DefaultValue("30s") Duration firstToken,
            @DefaultValue("30s") Duration nextToken,
            @DefaultValue("5s") Duration afterFinish,
            @DefaultValue("10m") Duration total) {}

    /**
     * How events get to the broker.
     *
     * @param messagesPerSecond most messages of the worker, not counting those that don't wait for this
     * @param heartbeat no running reply is silent for longer
     * @param confirmTimeout how long a message waits for its confirm before a copy is sent; each copy waits twice as
     *     long, 30 s at most. With a heartbeat and a resend below half of a worker's lease
     * @param resend before a message that the broker did not take is sent again
     * @param batchChars a message gets no further reply's events once it has so much text
     */
    record Publishing(
            @DefaultValue("150") @Min(1) int messagesPerSecond,
            @DefaultValue("1s") Duration heartbeat,
            @DefaultValue("1500ms") Duration confirmTimeout,
            @DefaultValue("200ms") Duration resend,

            @DefaultValue("500000") @Min(1_000) @Max(1_000_000)
            int batchChars) {}

    /**
     * When a provider counts as down.
     *
     * @param failures so many calls, one after the other, could not reach it
     * @param probeAfter one request is tried so long after that
     */
    record Breaker(
            @DefaultValue("4") @Min(1) int failures,
            @DefaultValue("10s") Duration probeAfter) {}

    /**
     * What happens when the provider is back.
     *
     * @param rate most calls a second that this worker makes then, titles included ({@code RESUME_RATE})
     * @param calm it is over when no call had to wait for so long; not less than the longest backoff, after which the
     *     last failed attempts come again
     */
    record Resume(
            @DefaultValue("200") @Min(1) @Max(1_000_000) Integer rate,
            @DefaultValue("60s") Duration calm) {}

    /**
     * The request for a title.
     *
     * @param timeout until it is there; it is never asked for twice
     * @param maxTokens of the answer
     * @param maxPromptChars of the question and of the reply that the model sees for it
     */
    record Title(
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("40") @Min(5) int maxTokens,
            @DefaultValue("2000") @Min(100) int maxPromptChars) {}
}
