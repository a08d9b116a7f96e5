package chat.parley.e2e.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One conversation as a client knows it: snapshots and events in, messages and replies out. Pure: no socket, no clock.
 * Whatever the protocol's page does not allow throws {@link ProtocolViolation}.
 */
final class ChatState {
    private final String conversationId;
    private final Map<String, Message> messages = new LinkedHashMap<>();
    private final Map<String, Reply> open = new LinkedHashMap<>();
    private final Map<String, Long> queuedAt = new TreeMap<>();
    private long seq;
    private String cursor = "";
    private long snapshotSeq;
    private int snapshots;
    private int rewinds;

    ChatState(String conversationId) {
        this.conversationId = conversationId;
    }

    /** Where to go on, or null if nothing is known yet. */
    @Nullable
    String cursor() {
        return cursor.isEmpty() ? null : cursor;
    }

    long seq() {
        return seq;
    }

    /** The position of the last snapshot. */
    long snapshotSeq() {
        return snapshotSeq;
    }

    /** How often a snapshot was taken, the first time included. */
    int snapshots() {
        return snapshots;
    }

    /** How often a snapshot was older than what was known. */
    int rewinds() {
        return rewinds;
    }

    /** In the order in which they were stored. */
    Map<String, Message> messages() {
        return messages;
    }

    /** Replies that have not ended, in the order in which they will be written. */
    Map<String, Reply> open() {
        return open;
    }

    /** The position of the {@code reply.queued} of each reply that this client saw being queued. */
    Map<String, Long> queuedAt() {
        return queuedAt;
    }

    /** Takes the answer to a {@code subscribe} that was sent with {@link #cursor()}. */
    void subscribed(JsonNode frame) {
        checkConversation(frame);
        long position = Json.number(frame, "seq");
        String name = Json.text(frame, "cursor");
        if (Json.flag(frame, "recovered")) {
            if (position != seq || !name.equals(cursor)) {
                throw new ProtocolViolation(
                        "Resumed at " + position + " " + name + " instead of " + seq + " " + cursor);
            }
            return;
        }
        JsonNode snapshot = Json.objectIn(frame, "snapshot");
        if (Json.number(snapshot, "seq") != position
                || !Json.text(snapshot, "cursor").equals(name)) {
            throw new ProtocolViolation("The events don't go on from the snapshot: " + frame);
        }
        take(snapshot);
    }

    /** Replaces everything by a snapshot, which must not contradict what was known. */
    void take(JsonNode snapshot) {
        ChatState next = new ChatState(conversationId);
        next.fill(snapshot);
        if (next.seq < seq) {
            rewinds++;
        } else if (!snapshot.path("more").asBoolean(false)) {
            checkContinues(next);
        }
        messages.clear();
        messages.putAll(next.messages);
        open.clear();
        open.putAll(next.open);
        seq = next.seq;
        cursor = next.cursor;
        snapshotSeq = seq;
        snapshots++;
    }

    private void fill(JsonNode snapshot) {
        seq = Json.number(snapshot, "seq");
        cursor = Json.text(snapshot, "cursor");
        for (JsonNode json : Json.arrayIn(snapshot, "messages")) {
            add(Message.of(json));
        }
        for (JsonNode json : Json.arrayIn(snapshot, "replies")) {
            Reply reply = Reply.inSnapshot(json);
            if (messages.containsKey(reply.messageId()) || open.put(reply.replyId(), reply) != null) {
                throw new ProtocolViolation("A reply that is there twice: " + snapshot);
            }
            if (reply.state() == Reply.State.STREAMING && open.size() > 1) {
                throw new ProtocolViolation("Not only the first reply is being written: " + snapshot);
            }
        }
        if (!snapshot.path("more").asBoolean(false)) {
            messages.values().forEach(this::checkParent);
        }
    }

    private void checkContinues(ChatState next) {
        messages.forEach((id, message) -> {
            if (!message.equals(next.messages.get(id))) {
                throw new ProtocolViolation("A snapshot changed " + message + " to " + next.messages.get(id));
            }
        });
        open.forEach((id, reply) -> {
            Reply later = next.open.get(id);
            if (later == null && !next.messages.containsKey(id)) {
                throw new ProtocolViolation("A snapshot forgot " + reply);
            }
            if (later != null
                    && later.attempt() == reply.attempt()
                    && !later.text().startsWith(reply.text())) {
                throw new ProtocolViolation("A snapshot took words back: " + reply + ", then " + later);
            }
        });
    }

    /** Takes one {@code event} frame. */
    void event(JsonNode frame) {
        checkConversation(frame);
        JsonNode event = Json.objectIn(frame, "event");
        long last = Json.number(frame, "seq");
        long first = frame.has("from") ? Json.number(frame, "from") : last;
        if (first != seq + 1 || last < first) {
            throw new ProtocolViolation("After " + seq + " came " + first + " to " + last + ": " + frame);
        }
        String type = Json.text(event, "type");
        if (last > first && !type.equals("reply.delta")) {
            throw new ProtocolViolation("Only deltas may be merged: " + frame);
        }
        Json.time(frame, "at");
        apply(type, event, last);
        seq = last;
        cursor = Json.text(frame, "cursor");
    }

    private void apply(String type, JsonNode event, long position) {
        switch (type) {
            case "message.created" -> created(Message.of(Json.objectIn(event, "message")));
            case "reply.queued" -> queued(Reply.queued(event), position);
            case "reply.started" -> {
                Json.text(event, "model");
                replace(first(event).started(attempt(event)));
            }
            case "reply.retrying" ->
                replace(first(event).retrying(attempt(event), Json.text(event, "code"), Json.time(event, "retryAt")));
            case "reply.delta" ->
                replace(first(event).plus(attempt(event), Json.number(event, "offset"), Json.text(event, "text")));
            case "reply.completed" -> end(first(event), event, Message.Status.COMPLETE);
            case "reply.failed" -> {
                Json.text(event, "code");
                Json.flag(event, "retryable");
                end(anyOpen(event), event, Message.Status.FAILED);
            }
            case "reply.cancelled" -> end(anyOpen(event), event, Message.Status.CANCELLED);
            default -> {
                // a client ignores events that it does not know
            }
        }
    }

    private void created(Message message) {
        if (message.role() != Message.Role.USER) {
            throw new ProtocolViolation("An assistant's message comes with the end of its reply, not so: " + message);
        }
        checkParent(message);
        add(message);
    }

    private void queued(Reply reply, long position) {
        Message question = messages.get(reply.parentId());
        if (question == null || question.role() != Message.Role.USER) {
            throw new ProtocolViolation("No question for " + reply);
        }
        if (messages.containsKey(reply.messageId()) || open.put(reply.replyId(), reply) != null) {
            throw new ProtocolViolation("Queued twice: " + reply);
        }
        queuedAt.put(reply.replyId(), position);
    }

    private void end(Reply reply, JsonNode event, Message.Status status) {
        Message message = Message.of(Json.objectIn(event, "message"));
        if (!message.id().equals(reply.messageId())
                || !reply.parentId().equals(message.parentId())
                || message.role() != Message.Role.ASSISTANT
                || message.status() != status) {
            throw new ProtocolViolation("Not the message of " + reply + ": " + event);
        }
        // The end may bring words that no delta brought, but only what was shown if it is not the whole answer.
        boolean fits = status == Message.Status.COMPLETE
                ? message.text().startsWith(reply.text())
                : message.text().equals(reply.text());
        if (!fits) {
            throw new ProtocolViolation("The end does not fit to what was shown, " + reply + ": " + event);
        }
        open.remove(reply.replyId());
        add(message);
    }

    private void checkParent(Message message) {
        String parent = message.parentId();
        if (parent != null && !messages.containsKey(parent) && !open.containsKey(parent)) {
            throw new ProtocolViolation("No parent for " + message);
        }
    }

    private void add(Message message) {
        if (messages.putIfAbsent(message.id(), message) != null) {
            throw new ProtocolViolation("There already: " + message);
        }
    }

    private Reply first(JsonNode event) {
        Reply reply = anyOpen(event);
        if (!reply.equals(open.values().iterator().next())) {
            throw new ProtocolViolation("It is not this reply's turn: " + event + " in " + open.keySet());
        }
        return reply;
    }

    private Reply anyOpen(JsonNode event) {
        Reply reply = open.get(Json.text(event, "replyId"));
        if (reply == null) {
            throw new ProtocolViolation("No such reply is open: " + event);
        }
        return reply;
    }

    private void replace(Reply reply) {
        open.put(reply.replyId(), reply);
    }

    private static int attempt(JsonNode event) {
        return (int) Json.number(event, "attempt");
    }

    private void checkConversation(JsonNode frame) {
        if (!Json.text(frame, "conversationId").equals(conversationId)) {
            throw new ProtocolViolation("Of another conversation: " + frame);
        }
    }

    /** What a snapshot taken at the same position shows differently; empty if nothing. */
    List<String> differences(JsonNode snapshot) {
        ChatState other = new ChatState(conversationId);
        other.fill(snapshot);
        List<String> differences = new ArrayList<>();
        if (other.seq != seq || !other.cursor.equals(cursor)) {
            differences.add("position " + seq + " " + cursor + ", not " + other.seq + " " + other.cursor);
        }
        compare(messages, other.messages, differences);
        compare(shown(open), shown(other.open), differences);
        if (differences.isEmpty() && !List.copyOf(open.keySet()).equals(List.copyOf(other.open.keySet()))) {
            differences.add("another order: " + open.keySet() + ", not " + other.open.keySet());
        }
        return differences;
    }

    /** What both ways of learning about a reply tell: a snapshot names an attempt earlier than an event does. */
    private static Map<String, String> shown(Map<String, Reply> replies) {
        Map<String, String> shown = new LinkedHashMap<>();
        replies.forEach((id, reply) -> shown.put(id, reply.state() + " " + reply.parentId() + " " + reply.text()));
        return shown;
    }

    private static <T> void compare(Map<String, T> mine, Map<String, T> theirs, List<String> differences) {
        mine.forEach((id, value) -> {
            if (!value.equals(theirs.get(id))) {
                differences.add(value + ", not " + theirs.get(id));
            }
        });
        theirs.forEach((id, value) -> {
            if (!mine.containsKey(id)) {
                differences.add("nothing, not " + value);
            }
        });
    }

    @Override
    public String toString() {
        return "conversation " + conversationId + " at " + seq + ", messages " + messages.values() + ", open "
                + open.values();
    }
}
