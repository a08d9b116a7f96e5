package chat.parley.conversation.live;

import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.reply.QueuePlaces.Place;
import org.jspecify.annotations.Nullable;

/** Where one socket stands in one conversation. */
final class Subscription {
    private final Feed feed;
    private final Socket socket;
    private volatile Cursor position;
    /** What its socket was told last; null if nothing. */
    private volatile @Nullable Place place;

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

    /** Whether its socket was told another place, or none; this one counts as told then. */
    boolean isNews(Place now) {
        boolean news = !now.equals(place);
        place = now;
        return news;
    }

    /** Tells the socket a frame about the place in the queue. */
    void tellPlace(String text) {
        socket.tellPlace(this, text);
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
