package chat.parley.e2e.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A reply that has not ended.
 *
 * @param attempt the last one that was heard of; 0 if none was
 * @param text so far, of that attempt
 * @param code why the last attempt failed, while it waits for the next
 */
public record Reply(
        String replyId,
        String messageId,
        String parentId,
        int attempt,
        State state,
        String text,
        @Nullable String code,
        @Nullable Instant retryAt) {

    /** What it is doing. */
    public enum State {
        QUEUED,
        RETRYING,
        STREAMING
    }

    static Reply queued(JsonNode event) {
        Reply reply = new Reply(
                Json.text(event, "replyId"),
                Json.text(event, "messageId"),
                Json.text(event, "parentId"),
                0,
                State.QUEUED,
                "",
                null,
                null);
        reply.checkIds(event);
        return reply;
    }

    static Reply inSnapshot(JsonNode json) {
        Reply reply = new Reply(
                Json.text(json, "replyId"),
                Json.text(json, "messageId"),
                Json.text(json, "parentId"),
                (int) Json.number(json, "attempt"),
                Message.oneOf(State.class, json, "state"),
                Json.text(json, "text"),
                Json.textOrNull(json, "code"),
                json.hasNonNull("retryAt") ? Json.time(json, "retryAt") : null);
        reply.checkIds(json);
        if (reply.state == State.RETRYING && (reply.code == null || reply.retryAt == null)) {
            throw new ProtocolViolation("A reply that waits for its next attempt says not why and until when: " + json);
        }
        return reply;
    }

    private void checkIds(JsonNode json) {
        if (!messageId.equals(replyId)) {
            throw new ProtocolViolation("messageId is not replyId in " + json);
        }
    }

    Reply started(int nextAttempt) {
        // A snapshot tells of an attempt before it starts; an event never does.
        boolean newer = state == State.QUEUED ? nextAttempt >= Math.max(1, attempt) : nextAttempt > attempt;
        if (!newer) {
            throw new ProtocolViolation("Attempt " + nextAttempt + " starts after " + this);
        }
        return new Reply(replyId, messageId, parentId, nextAttempt, State.STREAMING, "", null, null);
    }

    Reply retrying(int failedAttempt, String reason, Instant next) {
        if (failedAttempt < attempt) {
            throw new ProtocolViolation("The old attempt " + failedAttempt + " fails after " + this);
        }
        return new Reply(replyId, messageId, parentId, failedAttempt, State.RETRYING, text, reason, next);
    }

    Reply plus(int ofAttempt, long offset, String delta) {
        if (state != State.STREAMING || ofAttempt != attempt) {
            throw new ProtocolViolation("A delta of attempt " + ofAttempt + " after " + this);
        }
        if (offset != text.length()) {
            throw new ProtocolViolation(
                    "A delta at " + offset + ", but " + text.length() + " units were seen, of " + this);
        }
        if (delta.isEmpty()
                || Character.isLowSurrogate(delta.charAt(0))
                || Character.isHighSurrogate(delta.charAt(delta.length() - 1))) {
            throw new ProtocolViolation("A delta that is empty or splits a character: \"" + delta + "\" of " + this);
        }
        return new Reply(replyId, messageId, parentId, attempt, State.STREAMING, text + delta, null, null);
    }
}
