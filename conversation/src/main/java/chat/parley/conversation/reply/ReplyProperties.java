package chat.parley.conversation.reply;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits and times of the broker's side.
 *
 * @param declare whether the service declares exchanges and queues; false where its user may not
 *     ({@code RABBITMQ_DECLARE})
 * @param reconnect between two tries to reach the broker
 * @param confirmTimeout how long a publish waits for its confirm; above the broker's worst stall
 * @param maxPublishes most requests that wait for their confirm at once
 * @param publishWait how long a request waits for its turn when so many are under way, before it goes back to the
 *     outbox
 * @param requestText most text that a request carries
 * @param soloFrom a reply that lost so many workers runs alone in its process
 * @param sweepEvery between two looks at the outbox
 * @param resumeRate most requests a second that a replica's sweeper publishes ({@code RESUME_RATE}); not primitive, so
 *     that a blank variable counts as not set
 * @param trimEvery between two looks for logs to trim
 * @param expireEvery between two looks for replies whose deadline is over
 * @param admitEvery between two looks for held replies that have a slot now
 * @param reclaimEvery between two looks for slots of replies that are not in flight
 * @param retainEvery between two looks for conversations that are older than the retention
 * @param reapEvery between two looks for leases that are over
 * @param reapFrom a replica looks for lost workers only when its connection is so old: after an outage of the broker
 *     they come back, too, and say again what was unconfirmed
 * @param checkAgainAfter how long a lease check may be unanswered before the next one
 * @param young while its connection is younger, Conversation gives workers more time to come back
 * @param prefetch deliveries of a partition that may be under way
 * @param batch most deliveries that are applied at once
 * @param retryApply before events that Redis did not take are applied again
 * @param shareAfter a replica leaves half of the partitions to others while its connection is younger and nobody has
 *     them
 * @param probeEvery between two looks whether Redis takes writes
 * @param giveBackAfter a replica from which Redis took nothing for so long leaves the partitions to others
 * @param sendAwayAfter and its sockets when others have had partitions for so long since; not less, because without
 *     Redis they give theirs back in that time
 * @param stopBudget how long a consumer may take to finish what it has in hand
 * @param abortEvery a worker hears at most this often that an attempt is not wanted
 * @param workerSilence a worker that was silent for so long is forgotten
 * @param queuesEvery between two looks at the length of the request queues
 * @param lostAfter two looks so far apart must find consumers and no request before one counts as lost
 * @param overtakenBy a request counts as lost, too, when one that was confirmed so much later has started
 * @param deadLetters most dead letters that are kept; the oldest go
 * @param deadLetterBodies most bytes of their bodies; the oldest letters go
 */
@Validated
@ConfigurationProperties("parley.reply")
record ReplyProperties(
        @DefaultValue("true") boolean declare,
        @DefaultValue("200ms") Duration reconnect,
        @DefaultValue("30s") Duration confirmTimeout,
        @DefaultValue("64") @Min(1) @Max(1000) int maxPublishes,
        @DefaultValue("1s") Duration publishWait,
        @DefaultValue("256KB") DataSize requestText,
        @DefaultValue("2") @Min(1) int soloFrom,
        @DefaultValue("250ms") Duration sweepEvery,
        @DefaultValue("200") @Min(1) Integer resumeRate,
        @DefaultValue("5s") Duration trimEvery,
        @DefaultValue("1m") Duration expireEvery,
        @DefaultValue("1s") Duration admitEvery,
        @DefaultValue("1m") Duration reclaimEvery,
        @DefaultValue("1h") Duration retainEvery,
        @DefaultValue("500ms") Duration reapEvery,
        @DefaultValue("5s") Duration reapFrom,
        @DefaultValue("1s") Duration checkAgainAfter,
        @DefaultValue("10s") Duration young,
        @DefaultValue("200") @Min(1) int prefetch,
        @DefaultValue("20") @Min(1) int batch,
        @DefaultValue("200ms") Duration retryApply,
        @DefaultValue("5s") Duration shareAfter,
        @DefaultValue("500ms") Duration probeEvery,
        @DefaultValue("5s") Duration giveBackAfter,
        @DefaultValue("5s") Duration sendAwayAfter,
        @DefaultValue("5s") Duration stopBudget,
        @DefaultValue("1s") Duration abortEvery,
        @DefaultValue("7s") Duration workerSilence,
        @DefaultValue("2s") Duration queuesEvery,
        @DefaultValue("5s") Duration lostAfter,
        @DefaultValue("1m") Duration overtakenBy,
        @DefaultValue("1000") @Min(1) int deadLetters,
        @DefaultValue("32MB") DataSize deadLetterBodies) {}
