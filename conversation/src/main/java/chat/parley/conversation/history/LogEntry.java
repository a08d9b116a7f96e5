package chat.parley.conversation.history;

import java.time.Instant;

/**
 * One event of a conversation's log.
 *
 * @param at when it was stored, by Redis' clock, in milliseconds
 * @param event the event as the browser gets it, as JSON
 */
public record LogEntry(Cursor cursor, Instant at, String event) {
    public long seq() {
        return cursor.seq();
    }
}
