package chat.parley.conversation.history;

import chat.parley.events.Id;
import io.lettuce.core.KeyValue;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/**
 * What all replicas have to know of sessions: which were ended, and the key that signs them. Every method throws
 * {@link RefusedException} with UNAVAILABLE if Redis gave no answer in time.
 */
@Component
public class SessionStore {
    private final Redis redis;

    SessionStore(Redis redis) {
        this.redis = redis;
    }

    /**
     * Ends a session for good and tells all replicas, which close its sockets.
     *
     * @param keep how long it is remembered: at least as long as the session would have lasted
     */
    public void end(Id userId, Id sessionId, Duration keep) {
        CompletionStage<String> ended = redis.commands()
                .set(Keys.ended(userId, sessionId), "1", SetArgs.Builder.px(Math.max(1, keep.toMillis())));
        CompletionStage<Long> told = redis.commands().publish(Keys.channel(userId), "session-ended " + sessionId);
        redis.awaitAll(List.of(ended.thenAccept(ok -> {}), told.thenAccept(receivers -> {})));
    }

    /**
     * Ends all sessions that a user has, for good, and tells all replicas, which close their sockets.
     *
     * @param epoch that of a session which is one of them
     */
    public void endAll(Id userId, long epoch) {
        redis.number(Script.END_SESSIONS, new String[] {Keys.epoch(userId)}, epoch, Keys.channel(userId));
    }

    /**
     * Whether a session was ended, alone or with all others of its user; always by the same one command.
     *
     * @param epoch how often all of them had been ended when it began
     */
    public boolean hasEnded(Id userId, Id sessionId, long epoch) {
        List<KeyValue<String, String>> found =
                redis.await(redis.commands().mget(Keys.ended(userId, sessionId), Keys.epoch(userId)));
        return found.getFirst().hasValue() || Long.parseLong(found.getLast().getValueOrElse("0")) > epoch;
    }

    /**
     * The key that signs sessions.
     *
     * @param candidate what becomes the key if there is none
     */
    public String secret(String candidate) {
        CompletionStage<Boolean> offered = redis.commands().setnx(Keys.SESSION_SECRET, candidate);
        CompletionStage<String> kept = redis.commands().get(Keys.SESSION_SECRET);
        redis.await(offered);
        return Objects.requireNonNullElse(redis.await(kept), candidate);
    }
}
