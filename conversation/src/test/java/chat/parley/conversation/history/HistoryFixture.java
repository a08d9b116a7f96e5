package chat.parley.conversation.history;

import chat.parley.conversation.Patience;
import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.Submission.Regenerate;
import chat.parley.conversation.history.Submission.Send;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.ReplyName;
import chat.parley.events.Topology;
import chat.parley.events.Usage;
import chat.parley.testing.servers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stores on a real Redis, and short words for what happens to one user's one conversation. */
class HistoryFixture {
    static final Id WORKER = new Id("worker-1");
    static final Id OTHER = new Id("worker-2");

    /** On a database of its own: the services of other tests would sweep what is due here. */
    private static final StatefulRedisConnection<String, String> CONNECTION = connect(2);

    private static final List<String> PATIENT = List.of("command-timeout", Patience.COMMAND_TIMEOUT);
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final StatefulRedisConnection<String, String> connection;
    final HistoryProperties properties;
    private final String[] settings;
    final Shares shares;
    final Redis redis;
    final DeadLetterStore letters;
    final ConversationStore store;
    final ConversationReader reader;
    final LinkStore links;
    final ConversationList list;
    final MessageTexts texts;
    final ImportStore imports;
    final PathReader paths;
    final ReplyStore replies;
    final HeldStore held;
    final ConversationName name;
    /** Whether whoever sends has not signed in. */
    boolean guest;

    /** A conversation of a new user. */
    HistoryFixture(String... settings) {
        this(new ConversationName(Id.random(), new Id("c")), settings);
    }

    HistoryFixture(ConversationName name, String... settings) {
        this(CONNECTION, name, settings);
    }

    /** On a database that no service of another test looks at. */
    HistoryFixture(StatefulRedisConnection<String, String> connection, ConversationName name, String... settings) {
        this.connection = connection;
        this.name = name;
        this.settings = settings;
        properties =
                Settings.of(Stream.concat(PATIENT.stream(), Stream.of(settings)).toArray(String[]::new));
        shares = new Shares(properties);
        redis = new Redis(connection, properties, shares);
        MessageJson json = new MessageJson(MAPPER);
        letters = new DeadLetterStore(redis, MAPPER);
        store = new ConversationStore(redis, properties, json, letters, new Budget(redis, properties));
        reader = new ConversationReader(redis, json);
        links = new LinkStore(redis, properties, reader, json);
        list = new ConversationList(redis);
        texts = new MessageTexts(redis, list, reader, json);
        imports = new ImportStore(redis, properties, json);
        paths = new PathReader(redis, reader, json, MAPPER);
        replies = new ReplyStore(redis, properties, new ReplyEventJson(MAPPER));
        held = new HeldStore(redis, shares, properties);
    }

    static StatefulRedisConnection<String, String> connect(int database) {
        RedisServer server = RedisServer.get();
        RedisURI address = RedisURI.create(server.host(), server.port());
        address.setDatabase(database);
        return RedisClient.create(address).connect(StringCodec.UTF8);
    }

    /** Another conversation of the same user, with the same settings. */
    HistoryFixture another(String conversationId) {
        return new HistoryFixture(connection, new ConversationName(name.userId(), new Id(conversationId)), settings);
    }

    /** A user of the same shard as another. */
    static Id userInShardOf(Id user) {
        while (true) {
            Id other = Id.random();
            if (Topology.shardOf(other) == Topology.shardOf(user)) {
                return other;
            }
        }
    }

    /** A user of another shard than another. */
    static Id userOutsideShardOf(Id user) {
        while (true) {
            Id other = Id.random();
            if (Topology.shardOf(other) != Topology.shardOf(user)) {
                return other;
            }
        }
    }

    RedisCommands<String, String> raw() {
        return connection.sync();
    }

    Accepted send(String messageId, @Nullable String parentId, String text) {
        return send(messageId, parentId, text, "r-" + messageId);
    }

    Accepted send(String messageId, @Nullable String parentId, String text, String replyId) {
        Id parent = parentId == null ? null : new Id(parentId);
        return store.accept(new Send(name, new Id(messageId), parent, text, new Id(replyId), null), guest);
    }

    Accepted regenerate(String messageId, String replyId) {
        return store.accept(new Regenerate(name, new Id(messageId), new Id(replyId)), guest);
    }

    Applied apply(ReplyEvent event) {
        return replies.apply(List.of(event), false).getFirst();
    }

    Outcome started(String replyId, int attempt, Id worker) {
        return apply(new ReplyStarted(reply(replyId), attempt, worker, "model-x"))
                .outcome();
    }

    Outcome delta(String replyId, int attempt, Id worker, int n, int offset, String text) {
        return apply(new ReplyDelta(reply(replyId), attempt, worker, n, offset, text))
                .outcome();
    }

    Outcome heartbeat(String replyId, int attempt, Id worker) {
        return apply(new ReplyHeartbeat(reply(replyId), attempt, worker)).outcome();
    }

    Applied completed(String replyId, int attempt, Id worker, String text) {
        return apply(new ReplyCompleted(reply(replyId), attempt, worker, text, new Usage(3, 2)));
    }

    Applied failed(String replyId, int attempt, Id worker, FailureCode code, @Nullable Duration retryAfter) {
        return apply(new AttemptFailed(reply(replyId), attempt, worker, code, retryAfter));
    }

    Applied seenAgain(String replyId, int attempt) {
        return apply(new RequestSeenAgain(reply(replyId), attempt));
    }

    ReplyName reply(String replyId) {
        return name.reply(new Id(replyId));
    }

    Snapshot snapshot() {
        return reader.snapshot(name, null);
    }

    /** The whole log as "type:detail" lines, to compare at a glance. */
    List<String> log() {
        return reader.read(name, Cursor.START, 1000).orElseThrow().entries().stream()
                .map(entry -> describe(MAPPER.readTree(entry.event())))
                .toList();
    }

    private static String describe(JsonNode event) {
        String type = event.path("type").asString();
        return switch (type) {
            case "message.created" ->
                type + " " + event.path("message").path("id").asString();
            case "reply.queued" -> type + " " + event.path("replyId").asString();
            case "reply.started" ->
                type + " " + event.path("replyId").asString() + "/"
                        + event.path("attempt").asInt();
            case "reply.retrying" ->
                type + " " + event.path("replyId").asString() + "/"
                        + event.path("attempt").asInt() + " "
                        + event.path("code").asString();
            case "reply.delta" ->
                type + " " + event.path("offset").asInt() + " "
                        + event.path("text").asString();
            default ->
                type + " " + event.path("replyId").asString() + " "
                        + event.path("message").path("text").asString();
        };
    }

    /** The members of this conversation in the three sets of its shard: outbox, offered, running. */
    List<List<String>> sets() {
        int shard = name.shard();
        return List.of(own(Keys.outbox(shard)), own(Keys.offered(shard)), own(Keys.running(shard)));
    }

    /** The replies of this conversation that are held. */
    List<String> heldHere() {
        return own(Keys.held(name.userId()));
    }

    private List<String> own(String key) {
        return raw().zrange(key, 0, -1).stream()
                .filter(member -> member.startsWith(name + "/"))
                .map(member -> member.substring(name.toString().length() + 1))
                .toList();
    }
}
