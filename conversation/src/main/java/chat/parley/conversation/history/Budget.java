package chat.parley.conversation.history;

import chat.parley.events.Topology;
import io.lettuce.core.KeyValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether all users together have spent their tokens of the day. They are counted by shard, where a reply ends; their
 * sum is looked at only where there is a limit, and not for each message.
 */
@Component
public class Budget {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Redis redis;
    private final HistoryProperties properties;
    private volatile @Nullable Sum last;

    Budget(Redis redis, HistoryProperties properties) {
        this.redis = redis;
        this.properties = properties;
    }

    /**
     * @param at by {@link System#nanoTime}
     * @param guests what of {@code all} was for those who have not signed in
     */
    private record Sum(long at, long day, long all, long guests) {}

    /**
     * Whether nothing more is accepted of such a user today.
     *
     * @throws RefusedException with {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time
     */
    boolean isSpent(boolean guest) {
        Long total = properties.dailyTokensTotal();
        Long guests = guest ? properties.dailyTokensGuests() : null;
        if (total == null && guests == null) {
            return false;
        }
        Sum sum = sum();
        return (total != null && sum.all() >= total) || (guests != null && sum.guests() >= guests);
    }

    private Sum sum() {
        Sum known = last;
        long day = System.currentTimeMillis() / DAY;
        if (known != null
                && known.day() == day
                && System.nanoTime() - known.at() < properties.budgetLook().toNanos()) {
            return known;
        }
        List<CompletionStage<List<KeyValue<String, String>>>> shards = new ArrayList<>();
        for (int shard = 0; shard < Topology.SHARDS; shard++) {
            shards.add(redis.commands().hmget(Keys.spent(shard), "day", "tokens", "guests"));
        }
        long all = 0;
        long guests = 0;
        for (List<KeyValue<String, String>> shard : redis.awaitAll(shards)) {
            if (number(shard.getFirst()) == day) {
                all += number(shard.get(1));
                guests += number(shard.get(2));
            }
        }
        Sum sum = new Sum(System.nanoTime(), day, all, guests);
        last = sum;
        return sum;
    }

    private static long number(KeyValue<String, String> field) {
        return Long.parseLong(field.getValueOrElse("0"));
    }
}
