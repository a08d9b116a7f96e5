package chat.parley.conversation.history;

import chat.parley.events.Id;
import io.lettuce.core.KeyValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads what is kept of a user besides his conversations. */
@Component
public class UserStore {
    private final Redis redis;
    private final PromptStore prompts;
    private final DeadLetterStore letters;
    private final LinkStore links;

    UserStore(Redis redis, PromptStore prompts, DeadLetterStore letters, LinkStore links) {
        this.redis = redis;
        this.prompts = prompts;
        this.letters = letters;
        this.links = links;
    }

    /**
     * A conversation that is shared by a link. The link itself is left out: an archive is handed on more easily than
     * one thinks of it.
     *
     * @param title when it was shared
     */
    public record Shared(Id conversationId, String title, Instant sharedAt) {}

    /**
     * What is kept of a user.
     *
     * @param account a hash of the account that he signs in with; absent for a guest
     * @param sessionsEnded how often all his sessions were ended
     * @param today what he has used on the last day (UTC, counted from 1970) on which he used anything: {@code tokens}
     *     of the model, and bytes {@code imported}
     * @param sending how many messages he may send at once just now, if he has sent any in the last two minutes, and
     *     when that was, in milliseconds
     * @param prompts that he has saved
     * @param shared his conversations that others can read by a link
     * @param deadLetters what was said about his messages that could not be handled, for whoever runs the server
     */
    public record Facts(
            @Nullable String account,
            long sessionsEnded,
            Map<String, String> today,
            Map<String, String> sending,
            List<PromptStore.Prompt> prompts,
            List<Shared> shared,
            List<DeadLetter> deadLetters) {
        public Facts {
            today = Map.copyOf(today);
            sending = Map.copyOf(sending);
            prompts = List.copyOf(prompts);
            shared = List.copyOf(shared);
            deadLetters = List.copyOf(deadLetters);
        }
    }

    /**
     * Reads it.
     *
     * @throws RefusedException with {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time
     */
    public Facts facts(Id userId) {
        CompletionStage<List<KeyValue<String, String>>> one =
                redis.commands().mget(Keys.accountOf(userId), Keys.epoch(userId));
        CompletionStage<Map<String, String>> today = redis.commands().hgetall(Keys.spent(userId));
        CompletionStage<Map<String, String>> sending = redis.commands().hgetall(Keys.rate(userId));
        List<KeyValue<String, String>> read = redis.await(one);
        return new Facts(
                read.getFirst().getValueOrElse(null),
                Long.parseLong(read.get(1).getValueOrElse("0")),
                new TreeMap<>(redis.await(today)),
                new TreeMap<>(redis.await(sending)),
                prompts.all(userId),
                links.all(userId).stream()
                        .map(link -> new Shared(link.conversationId(), link.title(), link.sharedAt()))
                        .toList(),
                letters.of(userId));
    }
}
