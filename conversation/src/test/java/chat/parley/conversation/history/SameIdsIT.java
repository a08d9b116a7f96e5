package chat.parley.conversation.history;

import static chat.parley.conversation.history.HistoryFixture.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.Redis.Call;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent.ConversationTitled;
import io.lettuce.core.ScoredValue;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two users with the very same ids: no script that runs for the one touches anything of the other. */
class SameIdsIT {
    /** What is leased stays so, whatever else uses this Redis. */
    private static final String[] PATIENT = {"outbox-lease", "1h", "lease", "1h"};

    private final HistoryFixture one = new HistoryFixture(PATIENT);

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ACCOUNT", "CLAIM", "DEAD_LETTERS", "END_SESSIONS", "KEEP_PROMPT"}) // they are of no conversation
    void leavesTheOtherAloneOnTheSameShard(Script script) {
        leavesTheOtherAlone(script, HistoryFixture.userInShardOf(one.name.userId()));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ACCOUNT", "CLAIM", "DEAD_LETTERS", "END_SESSIONS", "KEEP_PROMPT"}) // they are of no conversation
    void leavesTheOtherAloneOnAnotherShard(Script script) {
        leavesTheOtherAlone(script, HistoryFixture.userOutsideShardOf(one.name.userId()));
    }

    private void leavesTheOtherAlone(Script script, Id otherUser) {
        HistoryFixture other = new HistoryFixture(new ConversationName(otherUser, one.name.conversationId()), PATIENT);
        prepare(script, one);
        prepare(script, other);
        Map<String, String> before = everything(other);
        assertThat(before).containsKeys(Keys.meta(other.name), Keys.trim(other.name.shard()));

        run(script, one);

        assertThat(everything(other)).isEqualTo(before);
        // Nor is it taken for a repeat.
        run(script, other);
    }

    /** Brings a conversation to where the script finds something to do. */
    private static void prepare(Script script, HistoryFixture chat) {
        chat.send("m1", null, words(chat));
        switch (script) {
            case APPLY, CANCEL, DELETE, TRIM -> {
                chat.started("r-m1", 1, WORKER);
                chat.delta("r-m1", 1, WORKER, 0, 0, "Hi");
            }
            case REOFFER -> chat.replies.confirmed(entry(chat));
            case RECLAIM -> chat.raw().sadd(Keys.inFlight(chat.name.userId()), chat.name.conversationId() + "/gone");
            case SHARED, UNSHARE -> chat.links.share(chat.name);
            case ACCOUNT, CLAIM, DEAD_LETTERS, END_SESSIONS, KEEP_PROMPT -> throw new IllegalArgumentException();
            case ACCEPT, CONTEXT, IMPORT, LEASE, READ, SETTLE, SHARE, SNAPSHOT, TITLE, UPDATE -> {}
        }
    }

    /** Runs the script, and checks that it did what it does where there is one user only. */
    private static void run(Script script, HistoryFixture chat) {
        switch (script) {
            case ACCEPT -> assertThat(chat.send("m2", "r-m1", "Go on").seq()).isEqualTo(4);
            case APPLY -> {
                assertThat(chat.delta("r-m1", 1, WORKER, 1, 2, "!")).isEqualTo(Outcome.APPLIED);
                assertThat(chat.completed("r-m1", 1, WORKER, "Hi!").outcome()).isEqualTo(Outcome.APPLIED);
            }
            case CANCEL ->
                assertThat(chat.store.cancel(chat.reply("r-m1")).abort()).isPresent();
            case DELETE -> assertThat(chat.store.delete(chat.name).abort()).isPresent();
            case CONTEXT ->
                assertThat(chat.redis.list(new Call(Script.CONTEXT, chat.name, "r-m1", 9, 9_999)))
                        .last()
                        .asString()
                        .contains(words(chat));
            case IMPORT -> assertThat(ImportIT.write(chat.another("file"))).isEqualTo(ImportStore.Outcome.IMPORTED);
            case LEASE -> {
                // Without an entry it is due, and no sweeper of another test takes it first.
                chat.raw().zrem(Keys.outbox(chat.name.shard()), entry(chat).toString());
                assertThat(chat.replies.lease(entry(chat)))
                        .hasValue(new Offer(entry(chat).reply(), 1, true, 0));
            }
            case READ ->
                assertThat(chat.reader
                                .read(chat.name, Cursor.START, 9)
                                .orElseThrow()
                                .entries())
                        .first()
                        .extracting(LogEntry::event)
                        .asString()
                        .contains(words(chat));
            case RECLAIM ->
                assertThat(chat.redis.number(new Call(Script.RECLAIM, chat.name, "gone")))
                        .isEqualTo(1);
            case ACCOUNT, CLAIM, DEAD_LETTERS, END_SESSIONS, KEEP_PROMPT -> throw new IllegalArgumentException();
            case REOFFER -> assertThat(chat.replies.reoffer(entry(chat), 0, 0)).isTrue();
            case SETTLE -> {
                chat.replies.confirmed(entry(chat));
                assertThat(chat.sets().get(1)).containsExactly("r-m1/1");
            }
            case SHARE -> {
                String token = chat.links.share(chat.name).token();
                assertThat(chat.links.read(token, null, 9).items().toString()).contains(words(chat));
            }
            case SHARED -> {
                String token = chat.links.find(chat.name).token();
                assertThat(chat.links.read(token, null, 9).items().toString()).contains(words(chat));
            }
            case UNSHARE -> {
                chat.links.unshare(chat.name);
                assertThat(chat.links.all(chat.name.userId())).isEmpty();
            }
            case SNAPSHOT -> assertThat(chat.snapshot().messages().toString()).contains(words(chat));
            case TITLE -> {
                chat.apply(new ConversationTitled(chat.reply("r-m1"), 1, WORKER, words(chat)));
                assertThat(title(chat)).isEqualTo(words(chat));
            }
            case TRIM -> {
                HistoryFixture forgetful = new HistoryFixture(chat.name, "keep-log", "1ms");
                await().until(() -> forgetful.redis.number(new Call(Script.TRIM, chat.name)) == 2);
            }
            case UPDATE -> {
                chat.store.update(chat.name, "A name", true, null, null);
                assertThat(title(chat)).isEqualTo("A name");
            }
        }
    }

    private static String words(HistoryFixture chat) {
        return "Words of " + chat.name.userId();
    }

    private static Entry entry(HistoryFixture chat) {
        return new Entry(chat.reply("r-m1"), 1);
    }

    private static String title(HistoryFixture chat) {
        return chat.reader.conversation(chat.name).title();
    }

    /** All that Redis has of a user, as it is stored; of what users of a shard share, the user's own members. */
    private static Map<String, String> everything(HistoryFixture chat) {
        Map<String, String> everything = new TreeMap<>();
        for (String key : chat.raw().keys(Keys.user(chat.name.userId()) + "*")) {
            everything.put(key, HexFormat.of().formatHex(chat.raw().dump(key)));
        }
        int shard = chat.name.shard();
        for (String key : List.of(Keys.outbox(shard), Keys.offered(shard), Keys.running(shard), Keys.trim(shard))) {
            List<ScoredValue<String>> own = chat.raw().zrangeWithScores(key, 0, -1).stream()
                    .filter(member -> member.getValue().startsWith(chat.name.toString()))
                    .toList();
            if (!own.isEmpty()) {
                everything.put(key, own.toString());
            }
        }
        Map<String, String> links = new TreeMap<>(chat.raw().hgetall(Keys.links(shard)));
        links.values().removeIf(shown -> !shown.equals(chat.name.toString()));
        everything.put(Keys.links(shard), links.toString());
        return everything;
    }
}
