package chat.parley.e2e.points;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Moments in the life of a message between which something can be lost. */
public enum Point {
    /** Conversation has a message, and Redis does not. */
    BEFORE_ACCEPT("conversation", "before", "history.ConversationStore#accept/2"),
    /** Redis has the message, and nobody was told. */
    AFTER_ACCEPT("conversation", "after", "history.ConversationStore#accept/2"),
    /** The request is on its way to the broker, and not confirmed. */
    REQUEST_SENT("conversation", "before", "reply.EventPublisher#await/1"),
    /** The request is confirmed, and Redis does not know. */
    BEFORE_SETTLE("conversation", "before", "history.ReplyStore#confirmed/1"),
    /** Conversation has what a worker said, and Redis does not. */
    BEFORE_APPLY("conversation", "before", "history.ReplyStore#apply/2"),
    /** Redis has what a worker said, and the broker has no ack. */
    AFTER_APPLY("conversation", "after", "history.ReplyStore#apply/2"),
    /** The worker has the request, and has said nothing. */
    BEFORE_START("assistant", "before", "ReplyWriter#write/2"),
    /** The worker has said that it begins, and has not called the model. */
    BEFORE_MODEL("assistant", "before", "ReplyWriter#attempt/4"),
    /** The broker has the end of the reply, and no ack for its request. */
    BEFORE_ACK("assistant", "before", "RequestListener#ack/2");

    private final String service;
    private final String place;

    Point(String service, String when, String where) {
        this.service = service;
        String root = service.equals("assistant") ? "chat.parley.assistant." : "chat.parley.conversation.";
        this.place = when + ":" + root + where;
    }

    /** Its name in file names. */
    public String fileName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All that a service has. */
    public static List<Point> of(String service) {
        return Arrays.stream(values())
                .filter(point -> point.service.equals(service))
                .toList();
    }

    /** What the agent is told for a service. */
    static String argument(String service) {
        return of(service).stream()
                .map(point -> point.fileName() + "=" + point.place)
                .collect(Collectors.joining(","));
    }
}
