package chat.parley.conversation.history;

import chat.parley.events.Id;
import chat.parley.events.Topology;
import java.util.List;

/** Names of keys and channels. The hash tag {@code {sNN}} keeps all of a user's keys in one slot of a cluster. */
final class Keys {
    /** The key that signs sessions. */
    static final String SESSION_SECRET = "{s00}:session-secret";

    /** What {@link StoreProbe} asks with; never there. */
    static final String NEVER_WRITTEN = "{s00}:never-written";

    /** Ids of the dead letters, by when they came. */
    static final String DEAD_LETTERS_BY_TIME = "{dead-letters}:by-time";
    /** What is known of each dead letter. */
    static final String DEAD_LETTERS = "{dead-letters}:letters";
    /** The bodies of those, which have words of people. */
    static final String DEAD_LETTER_BODIES = "{dead-letters}:bodies";

    private Keys() {}

    static String shard(int shard) {
        return "{s" + Topology.partitionKey(shard) + "}:";
    }

    static String user(Id userId) {
        return shard(Topology.shardOf(userId)) + "u:" + userId + ":";
    }

    private static String conversation(ConversationName name) {
        return user(name.userId()) + "c:" + name.conversationId() + ":";
    }

    static String meta(ConversationName name) {
        return conversation(name) + "meta";
    }

    static String messages(ConversationName name) {
        return conversation(name) + "messages";
    }

    static String order(ConversationName name) {
        return conversation(name) + "order";
    }

    static String replies(ConversationName name) {
        return conversation(name) + "replies";
    }

    static String gone(ConversationName name) {
        return conversation(name) + "gone";
    }

    static String conversations(Id userId) {
        return user(userId) + "conversations";
    }

    /** A user's replies that wait until one of his others ends. */
    static String held(Id userId) {
        return user(userId) + "held";
    }

    /** A user's replies that have a slot, as {@code <conversation>/<reply>}. */
    static String inFlight(Id userId) {
        return user(userId) + "in-flight";
    }

    /** The texts that a user keeps. */
    static String prompts(Id userId) {
        return user(userId) + "prompts";
    }

    /** A session that was ended before its time. */
    static String ended(Id userId, Id sessionId) {
        return user(userId) + "s:" + sessionId + ":ended";
    }

    /** What a user's replies have cost today. */
    static String spent(Id userId) {
        return user(userId) + "spent";
    }

    /** What the replies of all users of a shard have cost today, and those of guests among them. */
    static String spent(int shard) {
        return shard(shard) + "spent";
    }

    /** How often all sessions of a user were ended. */
    static String epoch(Id userId) {
        return user(userId) + "epoch";
    }

    /** The account that a user signs in with. */
    static String accountOf(Id userId) {
        return user(userId) + "account";
    }

    /**
     * The user of an account, which is known by a hash. It is in a shard of its own: the user is what is looked for.
     */
    static String account(Id account) {
        return shard(Topology.shardOf(account)) + "account:" + account;
    }

    /** How many messages a user may send just now. */
    static String rate(Id userId) {
        return user(userId) + "rate";
    }

    /** Which conversation a link shows, by its token, as {@code <user>/<conversation>}. */
    static String links(int shard) {
        return shard(shard) + "links";
    }

    /** A user's conversations that have a link, by when that was made or renewed. */
    static String links(Id userId) {
        return user(userId) + "links";
    }

    static String outbox(int shard) {
        return shard(shard) + "outbox";
    }

    static String offered(int shard) {
        return shard(shard) + "offered";
    }

    static String running(int shard) {
        return shard(shard) + "running";
    }

    /** Users who have held replies, by when the oldest began to wait. */
    static String holding(int shard) {
        return shard(shard) + "holding";
    }

    static String trim(int shard) {
        return shard(shard) + "trim";
    }

    /** What came to the dead letters, in the order that {@code dead-letters.lua} names. */
    static String[] deadLetters() {
        return new String[] {DEAD_LETTERS_BY_TIME, DEAD_LETTERS, DEAD_LETTER_BODIES, "{dead-letters}:size"};
    }

    /** Where a conversation's new log entries are announced. */
    static String channel(ConversationName name) {
        return conversation(name) + "wake";
    }

    /** Where changes to a user's list of conversations are announced. */
    static String channel(Id userId) {
        return user(userId) + "wake";
    }

    /** The keys of one delta, in the order that {@code deltas.lua} names. */
    static List<String> ofDelta(ConversationName name) {
        String conversation = conversation(name);
        return List.of(conversation + "meta", conversation + "replies", conversation + "text", conversation + "log");
    }

    /** All keys of the scripts, in the order that {@code common.lua} names. */
    static String[] ofScripts(ConversationName name) {
        String conversation = conversation(name);
        int shard = name.shard();
        return new String[] {
            conversation + "meta",
            conversation + "messages",
            conversation + "order",
            conversation + "replies",
            conversation + "queue",
            conversation + "text",
            conversation + "log",
            gone(name),
            conversations(name.userId()),
            rate(name.userId()),
            outbox(shard),
            offered(shard),
            running(shard),
            trim(shard),
            held(name.userId()),
            inFlight(name.userId()),
            holding(shard),
            spent(name.userId()),
            spent(shard),
            links(shard),
            links(name.userId())
        };
    }
}
