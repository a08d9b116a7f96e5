package chat.parley.conversation.history;

import chat.parley.events.Id;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads the conversations of one user. Throws {@link RefusedException} with UNAVAILABLE if Redis gave no answer in
 * time.
 */
@Component
public class ConversationList {
    private final Redis redis;

    ConversationList(Redis redis) {
        this.redis = redis;
    }

    /**
     * Some of a user's conversations, pinned first, then newest first.
     *
     * @param next where the next page starts; null if there is none
     */
    public record Page(List<Conversation> items, @Nullable String next) {}

    /**
     * Reads one page.
     *
     * @param cursor {@code next} of the page before; absent for the first
     * @param limit from 1
     * @throws RefusedException BAD_REQUEST if the cursor is none
     */
    public Page page(Id userId, @Nullable String cursor, int limit) {
        Range<Double> range = Range.unbounded();
        String lastId = "";
        if (cursor != null) {
            int cut = cursor.indexOf('.');
            if (cut < 1 || !cursor.substring(0, cut).chars().allMatch(Character::isDigit) || cut > 15) {
                throw new RefusedException(ErrorCode.BAD_REQUEST, "This is no cursor of a list of conversations.");
            }
            range = Range.from(Range.Boundary.unbounded(), Range.Boundary.including((double)
                    Long.parseLong(cursor.substring(0, cut))));
            lastId = cursor.substring(cut + 1);
        }
        List<ScoredValue<String>> after = after(userId, range, lastId, limit + 1L);
        List<ScoredValue<String>> shown = after.subList(0, Math.min(limit, after.size()));
        List<CompletionStage<Map<String, String>>> metas = new ArrayList<>();
        for (ScoredValue<String> one : shown) {
            ConversationName name = new ConversationName(userId, new Id(one.getValue()));
            metas.add(redis.commands().hgetall(Keys.meta(name)));
        }
        List<Map<String, String>> read = redis.awaitAll(metas);
        List<Conversation> items = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            Conversation conversation =
                    ConversationReader.conversation(new Id(shown.get(i).getValue()), read.get(i));
            if (conversation != null) {
                items.add(conversation);
            }
        }
        return new Page(items, after.size() > limit ? position(shown.getLast()) : null);
    }

    /** More conversations have seldom changed in the same millisecond; if they have, more are read. */
    private static final int SAME_SCORE = 20;

    /**
     * Reads what comes after a conversation of the range's first millisecond; all of the range if it is not there any
     * more.
     *
     * @param lastId empty for none
     * @param wanted how many are needed at least, if there are as many
     */
    private List<ScoredValue<String>> after(Id userId, Range<Double> range, String lastId, long wanted) {
        for (long most = wanted + SAME_SCORE; ; most *= 4) {
            List<ScoredValue<String>> found = redis.await(
                    redis.commands().zrevrangebyscoreWithScores(Keys.conversations(userId), range, Limit.from(most)));
            if (lastId.isEmpty()) {
                return found;
            }
            int at = found.stream().map(ScoredValue::getValue).toList().indexOf(lastId);
            boolean all = found.size() < most;
            if (at >= 0 && (all || found.size() - at > wanted)) {
                return found.subList(at + 1, found.size());
            }
            // A file may bring any number of conversations of the same millisecond.
            if (at < 0 && (all || found.getLast().getScore() < found.getFirst().getScore())) {
                return found;
            }
        }
    }

    private static String position(ScoredValue<String> last) {
        return (long) last.getScore() + "." + last.getValue();
    }

    /** All of a user's conversations, pinned first, then newest first. */
    public List<ConversationName> names(Id userId) {
        return redis.await(redis.commands().zrevrange(Keys.conversations(userId), 0, -1)).stream()
                .map(id -> new ConversationName(userId, new Id(id)))
                .toList();
    }
}
