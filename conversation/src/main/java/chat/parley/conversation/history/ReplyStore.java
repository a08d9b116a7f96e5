package chat.parley.conversation.history;

import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.Redis.Call;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ConversationTitled;
import chat.parley.events.ReplyEvent.LeaseCheck;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.Topology;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/**
 * What becomes of replies: the outbox, leases, and what the workers say. Each step is one script and may be repeated.
 *
 * <p>Every method throws {@link RefusedException} with {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time;
 * then nothing is known, and the caller does the same again.
 */
@Component
public class ReplyStore {
    private final Redis redis;
    private final HistoryProperties properties;
    private final ReplyEventJson json;

    ReplyStore(Redis redis, HistoryProperties properties, ReplyEventJson json) {
        this.redis = redis;
        this.properties = properties;
        this.json = json;
    }

    /**
     * Applies events of one shard, those of each conversation in their order, in as few pipelines as that allows.
     *
     * @param young whether Conversation's own broker connection is young, so that workers may still be on their way
     *     back
     * @return what became of each, in the same order
     */
    public List<Applied> apply(List<? extends ReplyEvent> events, boolean young) {
        return new ReplySteps(
                        redis,
                        properties,
                        json,
                        events,
                        event -> redis.run(call(event, young)),
                        (event, answer) -> applied(ConversationName.of(event.reply()), answer))
                .apply();
    }

    private static Applied applied(ConversationName name, Object answer) {
        if (answer instanceof Long changed) {
            return new Applied(changed == 1 ? Outcome.APPLIED : Outcome.NOTHING, List.of(), false);
        }
        @SuppressWarnings("unchecked")
        List<Object> parts = (List<Object>) answer;
        Outcome outcome = Outcome.valueOf(parts.getFirst().toString().toUpperCase(Locale.ROOT));
        boolean vacancy = parts.size() > 1 && (Long) parts.get(1) == 1;
        if (parts.size() < 5) {
            return new Applied(outcome, List.of(), vacancy);
        }
        Id replyId = new Id((String) parts.get(2));
        int attempt = ((Long) parts.get(3)).intValue();
        int lostWorkers = ((Long) parts.get(4)).intValue();
        return new Applied(outcome, List.of(new Offer(name.reply(replyId), attempt, false, lostWorkers)), vacancy);
    }

    private Call call(ReplyEvent event, boolean young) {
        return switch (event) {
            case ReplyStarted started -> step("started", event, started.worker(), started.model());
            case ReplyDelta delta ->
                step(
                        "delta",
                        event,
                        delta.worker(),
                        delta.n(),
                        delta.offset(),
                        delta.text().length(),
                        delta.text(),
                        json.delta(delta));
            case ReplyHeartbeat heartbeat -> step("heartbeat", event, heartbeat.worker());
            case ReplyCompleted completed ->
                step("completed", event, completed.worker(), completed.text(), json.usage(completed.usage()));
            case AttemptFailed failed -> failed(failed);
            case RequestSeenAgain _ -> {
                Duration cut = young ? properties.youngLeaseCut() : properties.leaseCut();
                FailureCode code = FailureCode.WORKER_LOST;
                yield step(
                        "seen-again",
                        event,
                        "",
                        cut.toMillis(),
                        properties.seenAgain(),
                        code.errorCode(),
                        Sentences.of(code));
            }
            case LeaseCheck check ->
                step(
                        "lease-check",
                        event,
                        "",
                        check.askedAt().toEpochMilli(),
                        properties.longestWay().toMillis(),
                        FailureCode.WORKER_LOST.errorCode(),
                        Sentences.of(FailureCode.WORKER_LOST),
                        properties.strikes());
            case ConversationTitled titled ->
                new Call(Script.TITLE, ConversationName.of(titled.reply()), titled.title());
        };
    }

    private Call failed(AttemptFailed failed) {
        Duration retryAfter = failed.retryAfter();
        return step(
                "failed",
                failed,
                failed.worker(),
                failed.code().consequence(),
                failed.code().errorCode(),
                Sentences.of(failed.code()),
                retryAfter == null ? -1 : retryAfter.toMillis(),
                properties.firstBackoff().toMillis(),
                properties.longestBackoff().toMillis(),
                ThreadLocalRandom.current().nextDouble(),
                properties.strikes(),
                failed.code().cause());
    }

    private static Call step(String step, ReplyEvent event, Object worker, Object... more) {
        return step(step, event.reply().replyId(), event.attempt(), ConversationName.of(event.reply()), worker, more);
    }

    private static Call step(
            String step, Id replyId, int attempt, ConversationName name, Object worker, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(step, replyId, attempt, worker));
        arguments.addAll(List.of(more));
        return new Call(Script.APPLY, name, arguments.toArray());
    }

    /** Fails a reply that no worker has and whose deadline is over. */
    public Applied expire(Entry entry) {
        ConversationName name = ConversationName.of(entry.reply());
        Object answer = redis.list(step(
                "expired",
                entry.reply().replyId(),
                entry.attempt(),
                name,
                "",
                properties.deadline().toMillis(),
                FailureCode.UNREACHABLE.errorCode(),
                Sentences.DEADLINE));
        return applied(name, answer);
    }

    /**
     * Counts a strike for a reply whose request came to the dead letters, if no worker has started that attempt; the
     * next one follows, or the reply fails.
     */
    public Applied dead(Entry entry) {
        ConversationName name = ConversationName.of(entry.reply());
        Object answer = redis.list(step(
                "dead",
                entry.reply().replyId(),
                entry.attempt(),
                name,
                "",
                FailureCode.INTERNAL.errorCode(),
                Sentences.of(FailureCode.INTERNAL),
                properties.strikes()));
        return applied(name, answer);
    }

    /**
     * Takes an outbox entry that is due; empty if another replica has it, it is settled, or its owner has as many
     * replies in flight as one may: then it is held.
     */
    public Optional<Offer> lease(Entry entry) {
        return offer(entry, redis.list(call(Script.LEASE, entry)));
    }

    /** Reads what {@code lease.lua} answers. */
    static Optional<Offer> offer(Entry entry, Object answer) {
        List<?> parts = (List<?>) answer;
        if (parts.getFirst().equals(0L)) {
            return Optional.empty();
        }
        return Optional.of(
                new Offer(entry.reply(), entry.attempt(), parts.get(1).equals(1L), ((Long) parts.get(2)).intValue()));
    }

    /** The broker has it for good: the attempt is offered to the workers. */
    public void confirmed(Entry entry) {
        redis.number(call(Script.SETTLE, entry, "confirmed", 0));
    }

    /** It surely reached no queue: the entry is due again soon, and its next publish is as good as the first. */
    public void unsent(Entry entry) {
        redis.number(
                call(Script.SETTLE, entry, "unsent", properties.sendAgainAfter().toMillis()));
    }

    /**
     * Puts an offered request that its queue cannot hold any more back into the outbox.
     *
     * @param fewestLost only if the reply has lost at least so many workers: that tells which queue its request is in
     * @param mostLost and at most so many
     * @return whether it is in the outbox again; false if it has been started, or is in another queue
     */
    public boolean reoffer(Entry entry, int fewestLost, int mostLost) {
        return redis.number(call(Script.REOFFER, entry, fewestLost, mostLost)) == 1;
    }

    static Call call(Script script, Entry entry, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(entry.reply().replyId(), entry.attempt()));
        arguments.addAll(List.of(more));
        return new Call(script, ConversationName.of(entry.reply()), arguments.toArray());
    }

    /** An entry of the offered set. */
    public record Offered(Entry entry, Instant confirmedAt) {}

    /** Redis' clock, by which all leases are measured. */
    public Instant now() {
        List<String> time = redis.await(redis.commands().time());
        return Instant.ofEpochSecond(Long.parseLong(time.get(0)), Long.parseLong(time.get(1)) * 1000L);
    }

    /** Outbox entries that are due, of all shards; at most {@code most} of each. */
    public List<Entry> dueOutbox(Instant now, int most) {
        return due(IntStream.range(0, Topology.SHARDS).mapToObj(Keys::outbox).toList(), now, most);
    }

    /** Attempts whose worker's lease is over, of all shards; at most {@code most} of each. */
    public List<Entry> overdueLeases(Instant now, int most) {
        return due(IntStream.range(0, Topology.SHARDS).mapToObj(Keys::running).toList(), now, most);
    }

    private List<Entry> due(List<String> keys, Instant now, int most) {
        Range<Long> until = Range.create(0L, now.toEpochMilli());
        List<CompletionStage<List<String>>> reads = new ArrayList<>();
        for (String key : keys) {
            reads.add(redis.commands().zrangebyscore(key, until, Limit.from(most)));
        }
        return redis.<List<String>>awaitAll(reads).stream()
                .flatMap(List::stream)
                .map(Entry::parse)
                .toList();
    }

    /**
     * Requests that the broker has and no worker has started, of all shards, longest first; at most {@code most} of
     * each.
     */
    public List<Offered> offered(int most) {
        List<CompletionStage<List<ScoredValue<String>>>> reads = new ArrayList<>();
        for (int shard = 0; shard < Topology.SHARDS; shard++) {
            reads.add(redis.commands().zrangeWithScores(Keys.offered(shard), 0, most - 1L));
        }
        return redis.<List<ScoredValue<String>>>awaitAll(reads).stream()
                .flatMap(List::stream)
                .map(one -> new Offered(Entry.parse(one.getValue()), Instant.ofEpochMilli((long) one.getScore())))
                .toList();
    }

    /** Trims the logs that are due; at most {@code most} of each shard. Returns how many. */
    public int trimDue(Instant now, int most) {
        Range<Long> until = Range.create(0L, now.toEpochMilli());
        int trimmed = 0;
        for (int shard = 0; shard < Topology.SHARDS; shard++) {
            for (String name : redis.await(redis.commands().zrangebyscore(Keys.trim(shard), until, Limit.from(most)))) {
                int cut = name.indexOf('/');
                redis.number(new Call(
                        Script.TRIM,
                        new ConversationName(new Id(name.substring(0, cut)), new Id(name.substring(cut + 1)))));
                trimmed++;
            }
        }
        return trimmed;
    }
}
