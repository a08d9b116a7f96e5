package chat.parley.conversation.history;

import chat.parley.conversation.history.Redis.Call;
import chat.parley.events.Id;
import chat.parley.events.Topology;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScoredValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Links by which people show a conversation to others. A link shows the messages that had ended when it was made or
 * renewed, and is good until it is taken back or the conversation is deleted. A conversation has at most one.
 *
 * <p>Every method throws {@link RefusedException}: with {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time,
 * the caller may ask again. Where links are not allowed none is made and none shows anything
 * ({@link ErrorCode#NOT_FOUND}), but their owners see them, and can take them back.
 */
@Component
public class LinkStore {
    /** The owner's shard, so that his keys are found, and 128 random bits. */
    private static final Pattern TOKEN = Pattern.compile("(0[0-9]|1[0-5])[0-9a-f]{32}");

    private final Redis redis;
    private final HistoryProperties properties;
    private final ConversationReader reader;
    private final MessageJson json;

    LinkStore(Redis redis, HistoryProperties properties, ConversationReader reader, MessageJson json) {
        this.redis = redis;
        this.properties = properties;
        this.reader = reader;
        this.json = json;
    }

    /**
     * A link as its owner sees it.
     *
     * @param token whoever has it can read
     * @param title of the conversation when it was shared
     * @param sharedAt when the link was made or renewed
     * @param newer whether the conversation has ended messages, or a title, that the link does not show
     */
    public record Link(Id conversationId, String token, String title, Instant sharedAt, boolean newer) {}

    /**
     * Some of what a link shows.
     *
     * @param items newest first
     * @param more whether there are older ones
     */
    public record Shown(String title, Instant sharedAt, List<SharedMessage> items, boolean more) {
        public Shown {
            items = List.copyOf(items);
        }
    }

    /** Whether people may share conversations here. */
    public boolean areAllowed() {
        return properties.shareLinks();
    }

    /**
     * Makes a conversation's link, or lets the one that it has show the conversation as it is now.
     *
     * @throws RefusedException NOT_FOUND if there is no such conversation; BAD_REQUEST if the user has too many links
     */
    public Link share(ConversationName name) {
        checkAllowed();
        String token = Topology.partitionKey(name.shard()) + Id.random();
        List<Object> answer = redis.list(new Call(Script.SHARE, name, token, properties.linksPerUser()));
        return switch (answer.getFirst().toString()) {
            case "shared" ->
                new Link(
                        name.conversationId(),
                        (String) answer.get(1),
                        (String) answer.get(3),
                        Instant.parse((String) answer.get(2)),
                        false);
            case "too_many" ->
                throw RefusedException.because(
                        "too_many_links",
                        ErrorCode.BAD_REQUEST,
                        "There are as many links as one person may have; stop sharing another conversation first.",
                        null);
            default -> throw ConversationStore.notFound();
        };
    }

    /**
     * Reads a conversation's link.
     *
     * @throws RefusedException NOT_FOUND if there is no such conversation, or it has no link
     */
    public Link find(ConversationName name) {
        return links(List.of(name)).stream().findFirst().orElseThrow(ConversationStore::notFound);
    }

    /** All links of a user, the newest first. */
    public List<Link> all(Id userId) {
        return links(redis.await(redis.commands().zrevrange(Keys.links(userId), 0, -1)).stream()
                .map(id -> new ConversationName(userId, new Id(id)))
                .toList());
    }

    /**
     * Takes a conversation's link back, if it has one.
     *
     * @throws RefusedException NOT_FOUND if there is no such conversation
     */
    public void unshare(ConversationName name) {
        if (redis.number(new Call(Script.UNSHARE, name)) < 0) {
            throw ConversationStore.notFound();
        }
    }

    /**
     * Reads what a link shows. What never was a link and what was taken back are answered alike, by the same commands.
     *
     * @param before the id of the oldest message that is known; absent for the newest
     * @param limit from 1
     * @throws RefusedException NOT_FOUND if there is no such link, or it does not show that message
     */
    public Shown read(String token, @Nullable String before, int limit) {
        checkAllowed();
        if (!TOKEN.matcher(token).matches() || (before != null && !Id.isValid(before))) {
            throw noLink();
        }
        int shard = Integer.parseInt(token.substring(0, 2));
        // Absent where there is none.
        @Nullable String shown = redis.await(redis.commands().hget(Keys.links(shard), token));
        if (shown == null) {
            throw noLink();
        }
        int cut = shown.indexOf('/');
        ConversationName name = new ConversationName(new Id(shown.substring(0, cut)), new Id(shown.substring(cut + 1)));
        List<Object> answer = redis.list(new Call(Script.SHARED, name, token, before == null ? "" : before, limit));
        if (answer.isEmpty()) {
            throw noLink();
        }
        return new Shown(
                (String) answer.get(1),
                Instant.parse((String) answer.getFirst()),
                reader.messages(name, ConversationReader.strings(answer.get(2))).stream()
                        .map(json::parse)
                        .map(LinkStore::message)
                        .toList(),
                (Long) answer.get(3) == 1);
    }

    private static SharedMessage message(JsonNode message) {
        return new SharedMessage(
                new Id(message.path("id").asString()),
                message.path("parentId").asStringOpt().map(Id::new).orElse(null),
                message.path("role").asString(),
                message.path("text").asString(),
                message.path("status").asString(),
                Instant.parse(message.path("createdAt").asString()),
                message.path("model").asStringOpt().orElse(null));
    }

    /** What has no link is left out. */
    private List<Link> links(List<ConversationName> names) {
        List<CompletionStage<List<KeyValue<String, String>>>> metas = new ArrayList<>();
        List<CompletionStage<List<ScoredValue<String>>>> newest = new ArrayList<>();
        for (ConversationName name : names) {
            metas.add(redis.commands().hmget(Keys.meta(name), "link", "linkSeq", "linkAt", "linkTitle", "title"));
            newest.add(redis.commands().zrevrangeWithScores(Keys.order(name), 0, 0));
        }
        List<List<KeyValue<String, String>>> readMetas = redis.awaitAll(metas);
        List<List<ScoredValue<String>>> readNewest = redis.awaitAll(newest);
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            link(names.get(i).conversationId(), readMetas.get(i), readNewest.get(i))
                    .ifPresent(links::add);
        }
        return links;
    }

    private static Optional<Link> link(
            Id conversationId, List<KeyValue<String, String>> meta, List<ScoredValue<String>> newest) {
        if (!meta.getFirst().hasValue()) {
            return Optional.empty();
        }
        String title = meta.get(3).getValueOrElse("");
        long position = Long.parseLong(meta.get(1).getValueOrElse("0"));
        boolean longer = !newest.isEmpty() && newest.getFirst().getScore() > position;
        return Optional.of(new Link(
                conversationId,
                meta.getFirst().getValue(),
                title,
                Instant.parse(meta.get(2).getValue()),
                longer || !title.equals(meta.get(4).getValueOrElse(""))));
    }

    private void checkAllowed() {
        if (!areAllowed()) {
            throw RefusedException.because(
                    "sharing_off", ErrorCode.NOT_FOUND, "This server shares no conversations by links.", null);
        }
    }

    private static RefusedException noLink() {
        return new RefusedException(
                ErrorCode.NOT_FOUND, "There is no such link, or whoever shared the conversation has taken it back.");
    }
}
