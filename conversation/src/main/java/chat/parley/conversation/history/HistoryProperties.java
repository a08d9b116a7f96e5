package chat.parley.conversation.history;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits, leases and time-outs of what is kept.
 *
 * @param commandTimeout how long a command to Redis may take
 * @param startWait how long the service waits for Redis when it starts, before it gives up
 * @param outboxLease how long the replica that took an outbox entry has to publish it
 * @param lease how long a worker may be silent
 * @param leaseCut what is left of a lease when its request is seen again
 * @param youngLeaseCut the same while Conversation's own broker connection is young
 * @param longestWay a lease check that was under way for longer proves nothing
 * @param keepLog how long events can be resumed from
 * @param deadline how long a reply may wait for a model before it fails
 * @param strikes how many lost workers, hung or broken streams fail a reply
 * @param seenAgain how often a request may come again unstarted before its reply fails
 * @param firstBackoff before the second attempt; doubles from there
 * @param longestBackoff between two attempts
 * @param tombstone how long a deleted conversation's id is known
 * @param maxWaiting most replies that wait for their turn in one conversation
 * @param messagesPerMinute that one user may send
 * @param dailyTokens that one user may have spent for him in a day, which begins at 00:00 UTC ({@code DAILY_TOKENS});
 *     absent for as many as he likes. Checked when a message is accepted: what is under way then is still answered
 * @param dailyTokensTotal that all users may spend in a day, together ({@code DAILY_TOKENS_TOTAL})
 * @param dailyTokensGuests that those among them may spend together who have not signed in
 *     ({@code DAILY_TOKENS_GUESTS})
 * @param budgetLook how old the sum of what all have spent may be
 * @param conversationsPerUser most conversations of one user
 * @param importedPerDay that one user may bring in from files in a day, which begins at 00:00 UTC, as it is kept
 * @param importedUpTo how full Redis may become by files, in percent of its {@code maxmemory}: the rest is for what
 *     people write
 * @param questionSize longest question that can be answered again; files may have longer ones
 * @param titleChars longest title made of a question's first words
 * @param sendAgainAfter before an entry that surely reached no queue is tried again
 * @param repliesPerUser most replies of one user in flight ({@code REPLIES_PER_USER}); absent for half of what all
 *     workers run at once, at most 8
 * @param shareLinks whether people may share conversations by links ({@code SHARE_LINKS}); links that were made before
 *     show nothing while they may not
 * @param linksPerUser most links of one user
 * @param retention conversations untouched for longer are deleted; absent to keep them for ever
 */
@Validated
@ConfigurationProperties("parley.history")
public record HistoryProperties(
        @DefaultValue("2s") Duration commandTimeout,
        @DefaultValue("60s") Duration startWait,
        @DefaultValue("5s") Duration outboxLease,
        @DefaultValue("6s") Duration lease,
        @DefaultValue("2s") Duration leaseCut,
        @DefaultValue("5s") Duration youngLeaseCut,
        @DefaultValue("1s") Duration longestWay,
        @DefaultValue("10m") Duration keepLog,
        @DefaultValue("24h") Duration deadline,
        @DefaultValue("5") @Min(1) int strikes,
        @DefaultValue("20") @Min(1) int seenAgain,
        @DefaultValue("1s") Duration firstBackoff,
        @DefaultValue("60s") Duration longestBackoff,
        @DefaultValue("90d") Duration tombstone,
        @DefaultValue("100") @Min(1) int maxWaiting,
        @DefaultValue("120") @Min(1) int messagesPerMinute,
        @Nullable @Min(1) Long dailyTokens,
        @Nullable @Min(1) Long dailyTokensTotal,
        @Nullable @Min(1) Long dailyTokensGuests,
        @DefaultValue("2s") Duration budgetLook,
        @DefaultValue("10000") @Min(1) int conversationsPerUser,
        @DefaultValue("200MB") DataSize importedPerDay,
        @DefaultValue("75") @Min(1) @Max(100) int importedUpTo,
        @DefaultValue("256KB") DataSize questionSize,
        @DefaultValue("60") @Min(10) int titleChars,
        @DefaultValue("1s") Duration sendAgainAfter,
        @Nullable @Min(1) Integer repliesPerUser,
        @DefaultValue("true") boolean shareLinks,
        @DefaultValue("1000") @Min(1) int linksPerUser,
        @Nullable Duration retention) {}
