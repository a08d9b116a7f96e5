package chat.parley.conversation.history;

import chat.parley.events.Id;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Deletes what no one has touched for long, where the operator has set a retention. */
@Component
public class Retention {
    private static final Pattern LIST = Pattern.compile("\\{s[0-9]{2}}:u:([A-Za-z0-9_-]{1,64}):conversations");
    private static final int MOST_PER_USER = 1000;

    private final Redis redis;
    private final ConversationStore store;
    private final HistoryProperties properties;

    Retention(Redis redis, ConversationStore store, HistoryProperties properties) {
        this.redis = redis;
        this.store = store;
        this.properties = properties;
    }

    /**
     * Deletes all conversations that are older than the retention, as if their owners had; pinned ones stay. Does
     * nothing where none is set.
     *
     * @return how many were deleted
     * @throws RefusedException UNAVAILABLE if Redis gave no answer in time; the next sweep does the rest
     */
    public int sweep(Instant now) {
        Duration retention = properties.retention();
        if (retention == null) {
            return 0;
        }
        int deleted = 0;
        ScanArgs lists = ScanArgs.Builder.matches("{s??}:u:*:conversations").limit(1000);
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            KeyScanCursor<String> page = redis.await(redis.commands().scan(cursor, lists));
            for (String key : page.getKeys()) {
                deleted += sweep(key, now.minus(retention));
            }
            cursor = page;
        } while (!cursor.isFinished());
        return deleted;
    }

    private int sweep(String key, Instant until) {
        Matcher matcher = LIST.matcher(key);
        if (!matcher.matches()) {
            return 0;
        }
        Id user = new Id(matcher.group(1));
        int deleted = 0;
        for (String id : redis.await(redis.commands()
                .zrangebyscore(key, Range.create(0L, until.toEpochMilli()), Limit.from(MOST_PER_USER)))) {
            store.delete(new ConversationName(user, new Id(id)));
            deleted++;
        }
        return deleted;
    }
}
