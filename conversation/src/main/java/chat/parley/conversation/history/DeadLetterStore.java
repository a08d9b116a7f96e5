package chat.parley.conversation.history;

import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import io.lettuce.core.KeyValue;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembers the newest dead letters for whoever runs the server. Their bodies have words of people: they lie apart, and
 * only {@link #body} reads them.
 *
 * <p>Every method throws {@link RefusedException} with {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time;
 * the caller may do the same again.
 */
@Component
public class DeadLetterStore {
    private static final int ANY_TRIES = 0;

    private final Redis redis;
    private final JsonMapper mapper;

    DeadLetterStore(Redis redis, JsonMapper mapper) {
        this.redis = redis;
        this.mapper = mapper;
    }

    /**
     * What is kept; the oldest letters go when there is more.
     *
     * @param letters most of them
     * @param bytes most bytes of all their bodies
     */
    public record Bounds(int letters, long bytes) {}

    /**
     * Records a letter, with its body if that is to be kept. One that is there with as many tries, or more, stays as it
     * is.
     *
     * @return whether it was recorded
     */
    public boolean record(DeadLetter letter, byte[] body, Bounds bounds) {
        return run(
                "record",
                letter.id(),
                letter.tries(),
                letter.at().toEpochMilli(),
                mapper.writeValueAsString(letter),
                letter.kept() ? Base64.getEncoder().withoutPadding().encodeToString(body) : "",
                bounds.letters(),
                bounds.bytes());
    }

    /** The newest letters, newest first. */
    public List<DeadLetter> newest(int most) {
        List<String> ids = redis.await(redis.commands().zrevrange(Keys.DEAD_LETTERS_BY_TIME, 0, most - 1L));
        if (ids.isEmpty()) {
            return List.of();
        }
        List<KeyValue<String, String>> letters =
                redis.await(redis.commands().hmget(Keys.DEAD_LETTERS, ids.toArray(String[]::new)));
        return letters.stream()
                .filter(KeyValue::hasValue)
                .map(KeyValue::getValue)
                .map(this::read)
                .toList();
    }

    public long count() {
        return redis.await(redis.commands().zcard(Keys.DEAD_LETTERS_BY_TIME));
    }

    public Optional<DeadLetter> find(Id id) {
        return Optional.ofNullable(redis.await(redis.commands().hget(Keys.DEAD_LETTERS, id.value())))
                .map(this::read);
    }

    private DeadLetter read(String json) {
        return mapper.readValue(json, DeadLetter.class);
    }

    /** The body of a letter; empty if it was not kept, or there is no such letter. */
    public Optional<byte[]> body(Id id) {
        return Optional.ofNullable(redis.await(redis.commands().hget(Keys.DEAD_LETTER_BODIES, id.value())))
                .filter(text -> !text.isEmpty())
                .map(Base64.getDecoder()::decode);
    }

    /**
     * Removes a letter that was dealt with, unless it has come again meanwhile.
     *
     * @return whether it was removed
     */
    public boolean settle(DeadLetter letter) {
        return run("remove", letter.id(), letter.tries());
    }

    /** Removes a letter. Returns whether there was one. */
    public boolean drop(Id id) {
        return run("remove", id, ANY_TRIES);
    }

    /** Removes all letters. Returns how many there were. */
    public long dropAll() {
        CompletionStage<Long> count = redis.commands().zcard(Keys.DEAD_LETTERS_BY_TIME);
        CompletionStage<Long> deleted = redis.commands().del(Keys.deadLetters());
        redis.await(deleted);
        return redis.await(count);
    }

    /** Removes the letters that are known to be of a conversation. */
    void forget(ConversationName name) {
        about(reply -> ConversationName.of(reply).equals(name)).forEach(letter -> drop(letter.id()));
    }

    /** The letters that are known to be of a user. */
    List<DeadLetter> of(Id userId) {
        return about(reply -> reply.userId().equals(userId)).toList();
    }

    private Stream<DeadLetter> about(Predicate<ReplyName> replies) {
        return redis.await(redis.commands().hvals(Keys.DEAD_LETTERS)).stream()
                .map(this::read)
                .filter(letter -> letter.reply() != null && replies.test(Objects.requireNonNull(letter.reply())));
    }

    private boolean run(String step, Id id, Object... more) {
        Object[] arguments = new Object[more.length + 2];
        arguments[0] = step;
        arguments[1] = id;
        System.arraycopy(more, 0, arguments, 2, more.length);
        return redis.number(Script.DEAD_LETTERS, Keys.deadLetters(), arguments) == 1;
    }
}
