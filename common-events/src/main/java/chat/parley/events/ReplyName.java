package chat.parley.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Names a reply everywhere: by its owner, its conversation and its own id. Two users may use the same ids. Its JSON and
 * text form is {@code <userId>/<conversationId>/<replyId>}.
 */
public record ReplyName(Id userId, Id conversationId, Id replyId) {

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if the text is not three ids with a slash between them
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ReplyName parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("A reply's name is user/conversation/reply");
        }
        return new ReplyName(new Id(parts[0]), new Id(parts[1]), new Id(parts[2]));
    }

    /** The shard of the owner, which is also the partition of the reply's events: 0 to 15. */
    public int shard() {
        return Topology.shardOf(userId);
    }

    @JsonValue
    @Override
    public String toString() {
        return userId + "/" + conversationId + "/" + replyId;
    }
}
