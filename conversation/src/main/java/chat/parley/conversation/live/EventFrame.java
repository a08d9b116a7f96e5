package chat.parley.conversation.live;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.LogEntry;
import java.time.Instant;
import java.util.List;

/**
 * An entry of a log as the frame that all its sockets get, encoded once.
 *
 * @param cursor where its last event stands
 * @param eventAt where the event begins in {@code text}; it ends one character before the frame does
 */
record EventFrame(Cursor cursor, Instant at, String text, int eventAt) {
    private static final String DELTA = "{\"type\":\"reply.delta\",";
    private static final String OFFSET = ",\"offset\":";
    private static final String TEXT = ",\"text\":\"";
    private static final String END = "\"}";

    static EventFrame of(ConversationName name, LogEntry entry) {
        String head = head(name, "", entry.cursor(), entry.at());
        return new EventFrame(entry.cursor(), entry.at(), head + entry.event() + "}", head.length());
    }

    long seq() {
        return cursor.seq();
    }

    /** Whether the event is of this type. */
    boolean is(String type) {
        return text.startsWith("{\"type\":\"" + type + "\"", eventAt);
    }

    /**
     * The first of some frames, together with those behind it that are deltas of the same attempt.
     *
     * @param frames without gaps
     * @param from the first
     * @param most longest text of the merged deltas, in UTF-16 units
     */
    static EventFrame merged(ConversationName name, List<EventFrame> frames, int from, int most) {
        EventFrame first = frames.get(from);
        if (from + 1 == frames.size() || !first.text.startsWith(DELTA, first.eventAt)) {
            return first;
        }
        int headEnd = first.text.indexOf(TEXT, first.eventAt) + TEXT.length();
        String attempt = first.attempt();
        StringBuilder text = new StringBuilder(first.deltaText());
        int next = from + 1;
        while (next < frames.size() && frames.get(next).continues(attempt)) {
            String more = frames.get(next).deltaText();
            if (text.length() + more.length() > most) {
                break;
            }
            text.append(more);
            next++;
        }
        if (next == from + 1) {
            return first;
        }
        EventFrame last = frames.get(next - 1);
        String head = head(name, "\"from\":" + first.seq() + ",", last.cursor, last.at);
        String event = first.text.substring(first.eventAt, headEnd);
        return new EventFrame(last.cursor, last.at, head + event + text + END + "}", head.length());
    }

    /** The beginning of a delta that it shares with all others of its attempt. */
    private String attempt() {
        return text.substring(eventAt, text.indexOf(OFFSET, eventAt) + OFFSET.length());
    }

    private boolean continues(String attempt) {
        return text.startsWith(attempt, eventAt);
    }

    /** The text of a delta as it stands in JSON: pieces of it can be joined without reading them. */
    private String deltaText() {
        return text.substring(text.indexOf(TEXT, eventAt) + TEXT.length(), text.length() - END.length() - 1);
    }

    private static String head(ConversationName name, String from, Cursor cursor, Instant at) {
        return "{\"type\":\"event\",\"conversationId\":\"" + name.conversationId() + "\"," + from + "\"seq\":"
                + cursor.seq() + ",\"cursor\":\"" + cursor + "\",\"at\":\"" + at + "\",\"event\":";
    }
}
