package chat.parley.conversation.history;

import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import chat.parley.events.Topology;

/** Names a conversation everywhere: by its owner and its id. Two users may use the same id. */
public record ConversationName(Id userId, Id conversationId) {

    /**
     * The conversation that a user asks for.
     *
     * @throws RefusedException NOT_FOUND if the text can't be an id
     */
    public static ConversationName asked(Id userId, String id) {
        if (!Id.isValid(id)) {
            throw ConversationStore.notFound();
        }
        return new ConversationName(userId, new Id(id));
    }

    public static ConversationName of(ReplyName reply) {
        return new ConversationName(reply.userId(), reply.conversationId());
    }

    public ReplyName reply(Id replyId) {
        return new ReplyName(userId, conversationId, replyId);
    }

    /** The owner's shard, 0 to 15. */
    public int shard() {
        return Topology.shardOf(userId);
    }

    /** The text form {@code <userId>/<conversationId>}. */
    @Override
    public String toString() {
        return userId + "/" + conversationId;
    }
}
