package chat.parley.e2e.client;

import tools.jackson.databind.JsonNode;

/**
 * An event as it arrived.
 *
 * @param nanos when, as {@link System#nanoTime} counts
 * @param seq its position; of merged deltas the last one
 */
public record Seen(long nanos, long seq, JsonNode event) {
    /** The event's type. */
    public String type() {
        return Json.text(event, "type");
    }

    /** Whether it is of this type and reply. */
    public boolean is(String type, String replyId) {
        return type().equals(type) && event.path("replyId").asString("").equals(replyId);
    }
}
