package chat.parley.conversation.history;

import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.Redis.Call;
import chat.parley.events.Id;
import chat.parley.events.Topology;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Replies that are held: each is its conversation's open one, but its owner has as many in flight as one user may. The
 * oldest goes first.
 *
 * <p>Every method throws {@link RefusedException} with {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time;
 * then the caller, or another replica, does the same again.
 */
@Component
public class HeldStore {
    private static final List<Integer> SHARDS =
            IntStream.range(0, Topology.SHARDS).boxed().toList();

    private final Redis redis;
    private final Shares shares;
    private final HistoryProperties properties;

    HeldStore(Redis redis, Shares shares, HistoryProperties properties) {
        this.redis = redis;
        this.shares = shares;
        this.properties = properties;
    }

    /** Users who have held replies, of all shards, whose oldest waits longest first; at most {@code most} of each. */
    public List<Id> owners(int most) {
        return flat(read(SHARDS, shard -> redis.commands().zrange(Keys.holding(shard), 0, most - 1L)))
                .map(Id::new)
                .toList();
    }

    /**
     * Takes held replies into the outbox, as many of each user as have a slot now.
     *
     * @return what the caller now has to publish
     */
    public List<Offer> admit(List<Id> owners) {
        List<Long> inFlight = read(owners, owner -> redis.commands().scard(Keys.inFlight(owner)));
        List<List<String>> oldest =
                read(owners, owner -> redis.commands().zrange(Keys.held(owner), 0, shares.perUser() - 1L));
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < owners.size(); i++) {
            int free = (int) Math.max(0, shares.perUser() - inFlight.get(i));
            oldest.get(i).stream().limit(free).map(Entry::parse).forEach(entries::add);
        }
        List<Object> answers = redis.runAll(entries.stream()
                .map(entry -> ReplyStore.call(Script.LEASE, entry))
                .toList());
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            ReplyStore.offer(entries.get(i), answers.get(i)).ifPresent(offers::add);
        }
        return offers;
    }

    /** The held replies of some users, each user's oldest first; at most {@code most} of each user. */
    public Map<Id, List<Entry>> of(List<Id> owners, int most) {
        List<List<String>> members = read(owners, owner -> redis.commands().zrange(Keys.held(owner), 0, most - 1L));
        Map<Id, List<Entry>> held = new LinkedHashMap<>();
        for (int i = 0; i < owners.size(); i++) {
            held.put(owners.get(i), members.get(i).stream().map(Entry::parse).toList());
        }
        return held;
    }

    /** Held replies whose deadline may be over, of all shards; at most {@code most} users of each, and of each user. */
    public List<Entry> overdue(Instant now, int most) {
        Range<Long> until = Range.create(0L, now.minus(properties.deadline()).toEpochMilli());
        Limit limit = Limit.from(most);
        List<String> owners = flat(read(
                        SHARDS, shard -> redis.commands().zrangebyscore(Keys.holding(shard), until, limit)))
                .toList();
        return flat(read(owners, owner -> redis.commands().zrangebyscore(Keys.held(new Id(owner)), until, limit)))
                .map(Entry::parse)
                .toList();
    }

    /**
     * Frees the slots of replies that are not in flight. No script leaves one taken; but a replica of an older version,
     * which knows of no slots, may end a reply that has one.
     *
     * @return how many were taken in vain
     */
    public int reclaim(List<Id> owners) {
        List<Set<String>> taken = read(owners, owner -> redis.commands().smembers(Keys.inFlight(owner)));
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < owners.size(); i++) {
            for (String slot : taken.get(i)) {
                int cut = slot.indexOf('/');
                ConversationName name = new ConversationName(owners.get(i), new Id(slot.substring(0, cut)));
                calls.add(new Call(Script.RECLAIM, name, slot.substring(cut + 1)));
            }
        }
        return redis.runAll(calls).stream()
                .mapToInt(answer -> ((Long) answer).intValue())
                .sum();
    }

    /** Starts a read for each, and waits for all of them. */
    private <A, T> List<T> read(List<A> of, Function<A, ? extends CompletionStage<T>> read) {
        return redis.awaitAll(of.stream().map(read).toList());
    }

    private static Stream<String> flat(List<List<String>> lists) {
        return lists.stream().flatMap(List::stream);
    }
}
