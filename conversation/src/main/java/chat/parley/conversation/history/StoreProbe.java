package chat.parley.conversation.history;

import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
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
     * follows another. Changes nothing. Blocks for a command's time-out at most.
     */
    public boolean isTaken() {
        try {
            // Nobody ever makes this key, so there is nothing to set; yet Redis refuses what it would refuse of a
            // write.
            redis.await(redis.commands().set(Keys.NEVER_WRITTEN, "", SetArgs.Builder.xx()));
            return true;
        } catch (RefusedException | RedisException e) {
            return false;
        }
    }
}
