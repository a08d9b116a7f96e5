package chat.parley.conversation.live;

import chat.parley.conversation.history.Cursor;

/** Where one socket stands in one conversation. */
final class Subscription {
    private final Feed feed;
    private final Socket socket;
    private volatile Cursor position;

    /** Guarded by the socket: whether it stands in the line of those that may have something. */
    boolean waiting;

    Subscription(Feed feed, Socket socket, Cursor position) {
        this.feed = feed;
        this.socket = socket;
        this.position = position;
    }

    Feed feed() {
        return feed;
    }

    Cursor position() {
        return position;
    }

    void advance(Cursor to) {
        position = to;
    }

    /** There may be something after its position. Does not block. */
    void wake() {
        socket.wake(this);
    }

    /** Its position is no longer in the log. */
    void lost() {
        socket.close(CloseCode.STORE_CAME_BACK_OLDER);
    }

    /** Its conversation was deleted. */
    void deleted() {
        socket.tellDeleted(feed.name().conversationId());
    }
}
