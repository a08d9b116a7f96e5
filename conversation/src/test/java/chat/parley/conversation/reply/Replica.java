package chat.parley.conversation.reply;

import chat.parley.conversation.Patience;
import chat.parley.conversation.history.Accepted;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.ConversationStore;
import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.DeadLetterStore;
import chat.parley.conversation.history.LogEntry;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.OpenReply;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.conversation.history.Submission.Send;
import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import chat.parley.testing.servers.RabbitServer;
import chat.parley.testing.servers.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running Conversation, and short words for what is asked of it. */
final class Replica implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ConfigurableApplicationContext context;

    private Replica(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param settings as in {@code application.yml}, each {@code name=value} */
    static Replica start(RabbitServer rabbit, RedisServer redis, String... settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "parley.reply.reap-from",
                "0s",
                "spring.rabbitmq.host",
                rabbit.host(),
                "spring.rabbitmq.port",
                rabbit.port(),
                "spring.rabbitmq.username",
                rabbit.username(),
                "spring.rabbitmq.password",
                rabbit.password(),
                "spring.data.redis.host",
                redis.host(),
                "spring.data.redis.port",
                redis.port(),
                "parley.reply.share-after",
                "0s",
                // What is here with a test's worker, or was acknowledged and never started, is in no queue.
                "parley.reply.lost-after",
                "1h"));
        all.putAll(Patience.SETTINGS);
        for (String setting : settings) {
            int cut = setting.indexOf('=');
            all.put(setting.substring(0, cut), setting.substring(cut + 1));
        }
        return new Replica(new SpringApplicationBuilder(ReplyTestApplication.class)
                .web(WebApplicationType.NONE)
                .environment(environment(all))
                .run());
    }

    /** Over {@code application.yml}. */
    private static StandardEnvironment environment(Map<String, Object> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        return environment;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Sends the first message {@code m} of a new conversation of a new user; its reply is {@code r}. */
    ReplyName ask(String text) {
        return ask(new ConversationName(Id.random(), new Id("c")), text);
    }

    ReplyName ask(ConversationName name, String text) {
        Accepted accepted =
                bean(Replies.class).accept(new Send(name, new Id("m"), null, text, new Id("r"), null), true);
        return name.reply(accepted.replyId());
    }

    /** Sends another message that follows a reply. */
    ReplyName askNext(ReplyName after, String text) {
        ConversationName name = ConversationName.of(after);
        Id messageId = Id.random();
        Accepted accepted =
                bean(Replies.class).accept(new Send(name, messageId, after.replyId(), text, Id.random(), null), true);
        return name.reply(accepted.replyId());
    }

    /** Stores a message, and dies before it could publish the request. */
    ReplyName acceptOnly(String text) {
        ConversationName name = new ConversationName(Id.random(), new Id("c"));
        bean(ConversationStore.class).accept(new Send(name, new Id("m"), null, text, new Id("r"), null), true);
        return name.reply(new Id("r"));
    }

    boolean outbox(ReplyName reply, int attempt) {
        ReplyStore store = bean(ReplyStore.class);
        return store.dueOutbox(store.now().plus(Duration.ofDays(30)), 1_000).contains(new Entry(reply, attempt));
    }

    boolean offered(ReplyName reply, int attempt) {
        return bean(ReplyStore.class).offered(1_000).stream()
                .anyMatch(one -> one.entry().equals(new Entry(reply, attempt)));
    }

    /** Whether the attempt's lease ends within this time. */
    boolean overdueWithin(ReplyName reply, int attempt, Duration time) {
        ReplyStore store = bean(ReplyStore.class);
        return store.overdueLeases(store.now().plus(time), 1_000).contains(new Entry(reply, attempt));
    }

    List<DeadLetter> deadLetters() {
        return bean(DeadLetterStore.class).newest(100);
    }

    String title(ReplyName reply) {
        return bean(ConversationReader.class)
                .snapshot(ConversationName.of(reply), null)
                .conversation()
                .title();
    }

    /** Deletes the reply's conversation. */
    void delete(ReplyName reply) {
        bean(Replies.class).delete(ConversationName.of(reply));
    }

    /** Whether the head of the conversation's log was trimmed. */
    boolean isTrimmed(ReplyName reply) {
        return bean(ConversationReader.class)
                .read(ConversationName.of(reply), Cursor.START, 1)
                .isEmpty();
    }

    /** The text of the reply's message, as the store has it. */
    String text(ReplyName reply) {
        return bean(ConversationReader.class).snapshot(ConversationName.of(reply), null).messages().stream()
                .map(message -> MAPPER.readTree(message.json()))
                .filter(message ->
                        message.path("id").asString().equals(reply.replyId().value()))
                .map(message -> message.path("text").asString())
                .findFirst()
                .orElseThrow();
    }

    /** How often it has looked at the request queues. */
    long looks() {
        return Math.round(
                bean(MeterRegistry.class).counter("parley.requests.looks").count());
    }

    /** How many publishes of requests came out like this. */
    long published(String result) {
        return count("parley.requests.published", "result", result);
    }

    /** How many events came out like this. */
    long events(String outcome) {
        return count("parley.reply.events", "outcome", outcome);
    }

    private long count(String counter, String tag, String value) {
        return Math.round(bean(MeterRegistry.class).counter(counter, tag, value).count());
    }

    /** The reply, while it has not ended. */
    OpenReply open(ReplyName reply) {
        return bean(ConversationReader.class).snapshot(ConversationName.of(reply), null).replies().stream()
                .filter(one -> one.replyId().equals(reply.replyId()))
                .findFirst()
                .orElseThrow();
    }

    /** The events of the conversation's log. */
    List<JsonNode> log(ReplyName reply) {
        return bean(ConversationReader.class)
                .read(ConversationName.of(reply), Cursor.START, 10_000)
                .orElseThrow()
                .entries()
                .stream()
                .map(LogEntry::event)
                .map(MAPPER::readTree)
                .toList();
    }

    List<String> types(ReplyName reply) {
        return log(reply).stream().map(event -> event.path("type").asString()).toList();
    }

    /** The events of the conversation's log that are of this type. */
    List<JsonNode> log(ReplyName reply, String type) {
        return log(reply).stream()
                .filter(event -> event.path("type").asString().equals(type))
                .toList();
    }

    /** How many partitions it has, or waits for. */
    int partitions() {
        return (int) bean(MeterRegistry.class).get("parley.partitions").gauge().value();
    }

    /** How many replies of one user may be in flight, as far as it knows. */
    int repliesPerUser() {
        return (int)
                bean(MeterRegistry.class).get("parley.replies.per.user").gauge().value();
    }

    /** What readiness says. */
    boolean isReady() {
        HealthDescriptor readiness = bean(HealthEndpoint.class).healthForPath("readiness");
        return readiness != null && readiness.getStatus().equals(Status.UP);
    }

    /** Leaves the broker without a word and for good, as a killed process does. */
    void die() {
        Broker broker = bean(Broker.class);
        broker.stop();
        broker.consuming().orElseThrow().connection().abort();
    }

    @Override
    public void close() {
        context.close();
    }
}
