package chat.parley.conversation.history;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembers the newest dead letters for whoever runs the server.
 *
 * <p>Every method throws {@link RefusedException} with {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time.
 */
@Component
public class DeadLetterStore {
    private final Redis redis;
    private final JsonMapper mapper;

    DeadLetterStore(Redis redis, JsonMapper mapper) {
        this.redis = redis;
        this.mapper = mapper;
    }

    /**
     * Records letters. Recording them again shows them twice, and harms nothing else.
     *
     * @param most letters that are kept; the oldest go
     */
    public void record(List<DeadLetter> letters, int most) {
        RedisAsyncCommands<String, String> commands = redis.commands();
        String[] values = letters.stream().map(mapper::writeValueAsString).toArray(String[]::new);
        CompletionStage<Long> pushed = commands.lpush(Keys.deadLetters(), values);
        CompletionStage<String> trimmed = commands.ltrim(Keys.deadLetters(), 0, most - 1L);
        redis.await(pushed);
        redis.await(trimmed);
    }

    /** The newest letters, newest first. */
    public List<DeadLetter> newest(int most) {
        return redis.await(redis.commands().lrange(Keys.deadLetters(), 0, most - 1L)).stream()
                .map(value -> mapper.readValue(value, DeadLetter.class))
                .toList();
    }
}
