package chat.parley.conversation.history;

import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks Redis whether it would take a write just now. */
@Component
public class StoreProbe {
    private final Redis redis;

    StoreProbe(Redis redis) {
        this.redis = redis;
    }

    /**
     * Whether a write is taken: false as well if Redis answers but is out of memory, can't write to its disk, or only
     * follows another. True if its user may not ask this, which says nothing of what he may do. Changes nothing. Blocks
     * for a command's time-out at most.
     */
    public boolean isTaken() {
        try {
            // Nobody ever makes this key, so there is nothing to set; yet Redis refuses what it would refuse of a
            // write.
            redis.await(redis.commands().set(Keys.NEVER_WRITTEN, "", SetArgs.Builder.xx()));
            return true;
        } catch (RefusedException e) {
            return isForbidden(e.getCause());
        } catch (RedisException e) {
            return false;
        }
    }

    private static boolean isForbidden(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        return message != null && message.startsWith("NOPERM");
    }
}
