package chat.parley.e2e.client;

import chat.parley.stub.StubReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A conversation as one client sees it, and what a person can do in it. */
public final class Chat {
    private final ParleyClient client;
    private final Monitor monitor;
    private final String id;
    private final ChatState state;
    private final List<Seen> seen = new ArrayList<>();
    private final Map<String, Long> acceptedAt = new LinkedHashMap<>();
    private @Nullable String tip;
    private int subscribedOn;

    Chat(ParleyClient client, Monitor monitor, String id) {
        this.client = client;
        this.monitor = monitor;
        this.id = id;
        this.state = new ChatState(id);
    }

    /** Whose page this is. */
    public ParleyClient client() {
        return client;
    }

    /** The conversation's id. */
    public String id() {
        return id;
    }

    /** Sends a message after the last reply that was asked for here, also one that is still to be written. */
    public Turn say(String text) {
        return say(monitor.read(() -> tip), text);
    }

    /**
     * Sends a message.
     *
     * @param parentId an assistant's message; null for a new root
     */
    public Turn say(@Nullable String parentId, String text) {
        return send(
                UUID.randomUUID().toString(), parentId, text, UUID.randomUUID().toString());
    }

    /** Sends a message with ids of the caller's choice. */
    public Turn send(String messageId, @Nullable String parentId, String text, String replyId) {
        ObjectNode frame = frame("send").put("messageId", messageId).put("parentId", parentId);
        frame.put("text", text).put("replyId", replyId);
        monitor.change(() -> tip = replyId);
        return new Turn(messageId, replyId, client.request(frame));
    }

    /** Asks for another answer to a question. */
    public Turn regenerate(String messageId) {
        String replyId = UUID.randomUUID().toString();
        ObjectNode frame = frame("regenerate").put("messageId", messageId).put("replyId", replyId);
        monitor.change(() -> tip = replyId);
        return new Turn(messageId, replyId, client.request(frame));
    }

    /** Stops a reply. */
    public CompletableFuture<JsonNode> cancel(String replyId) {
        return client.request(frame("cancel").put("replyId", replyId));
    }

    private ObjectNode frame(String type) {
        return ParleyClient.frame(type).put("conversationId", id);
    }

    /** Waits until it is subscribed to. */
    public void awaitSubscribed() {
        await("subscribed", () -> state.snapshots() > 0);
    }

    /** Waits until the message is stored for good. */
    public void awaitAccepted(Turn turn) {
        await("accepted " + turn.messageId(), () -> turn.accepted().isDone());
        turn.accepted().join();
    }

    /** Waits until the reply has ended, however it did; fails at once if the question was refused. */
    public Message awaitEnd(Turn turn) {
        await("the end of " + turn.replyId(), () -> {
            if (turn.accepted().isCompletedExceptionally()) {
                turn.accepted().join();
            }
            return state.messages().containsKey(turn.replyId());
        });
        return message(turn.replyId()).orElseThrow();
    }

    /** Waits until the reply has ended; fails if it isn't complete. */
    public Message awaitCompleted(Turn turn) {
        Message message = awaitEnd(turn);
        if (message.status() != Message.Status.COMPLETE) {
            throw new AssertionError("Not complete: " + message);
        }
        return message;
    }

    /** Waits until at least so many characters of the reply are shown, and it goes on. */
    public void awaitText(Turn turn, int units) {
        await(units + " characters of " + turn.replyId(), () -> {
            if (state.messages().containsKey(turn.replyId())) {
                throw new AssertionError("Ended too early for this test: " + this);
            }
            Reply reply = state.open().get(turn.replyId());
            return reply != null && reply.text().length() >= units;
        });
    }

    /** Waits for an event; the first one of which this holds. */
    public Seen awaitEvent(String what, Predicate<Seen> condition) {
        await(what, () -> seen.stream().anyMatch(condition));
        return seen().stream().filter(condition).findFirst().orElseThrow();
    }

    /** Waits for what takes longer than the patience that everything else gets. */
    public void await(String what, Duration limit, BooleanSupplier condition) {
        client.await(what, limit, condition);
    }

    /** Waits for a condition on what the client knows of this chat. */
    public void await(String what, BooleanSupplier condition) {
        client.await(what, condition);
    }

    /** A message, once it is there. */
    public Optional<Message> message(String messageId) {
        return monitor.read(() -> Optional.ofNullable(state.messages().get(messageId)));
    }

    /** All messages, in the order in which they came. */
    public List<Message> messages() {
        return monitor.read(() -> List.copyOf(state.messages().values()));
    }

    /** The replies that have not ended, in the order in which they will be written. */
    public List<Reply> open() {
        return monitor.read(() -> List.copyOf(state.open().values()));
    }

    /** Every event so far, as it arrived. */
    public List<Seen> seen() {
        return monitor.read(() -> List.copyOf(seen));
    }

    /** How many attempts at a reply were seen to start. */
    public long attempts(Turn turn) {
        return seen().stream()
                .filter(one -> one.is("reply.started", turn.replyId()))
                .count();
    }

    /** The position up to which this client knows everything. */
    public long seq() {
        return monitor.read(state::seq);
    }

    /** How often everything was read anew instead of going on where it was; 1 after the first subscription. */
    public int snapshots() {
        return monitor.read(state::snapshots);
    }

    /** How often the store came back older. */
    public int rewinds() {
        return monitor.read(state::rewinds);
    }

    /** The path from the root to a message. */
    public List<Message> path(String messageId) {
        List<Message> path = new ArrayList<>();
        @Nullable String next = messageId;
        while (next != null) {
            Message message = message(next).orElseThrow();
            path.addFirst(message);
            next = message.parentId();
        }
        return path;
    }

    /**
     * The whole text that the stub gives as this reply.
     *
     * @param tokens its length, if the question's directives say nothing else
     */
    public String expected(Turn turn, int tokens) {
        List<StubReply.Message> context = path(turn.messageId()).stream()
                .map(message -> new StubReply.Message(
                        message.role() == Message.Role.USER ? "user" : "assistant", message.text()))
                .toList();
        return StubReply.of(context, tokens).text();
    }

    /** What the HTTP call shows differently from what this client was told; empty if nothing. */
    public List<String> differencesFromApi() {
        Session.Answer answer = client.session().get("/api/conversations/" + id);
        if (answer.status() != 200) {
            return List.of("GET /api/conversations/" + id + " got " + answer);
        }
        return monitor.read(() -> state.differences(answer.json()));
    }

    @Nullable
    String cursor() {
        return state.cursor();
    }

    void subscribed(int connection, JsonNode frame) {
        if (subscribedOn == connection) {
            throw new ProtocolViolation("Subscribed twice: " + frame);
        }
        subscribedOn = connection;
        state.subscribed(frame);
        if (tip == null) {
            tip = lastReply();
        }
    }

    private @Nullable String lastReply() {
        @Nullable String last = null;
        for (Message message : state.messages().values()) {
            last = message.role() == Message.Role.ASSISTANT ? message.id() : last;
        }
        for (String replyId : state.open().keySet()) {
            last = replyId;
        }
        return last;
    }

    void event(int connection, JsonNode frame, long nanos) {
        if (subscribedOn != connection) {
            throw new ProtocolViolation("An event before its subscription: " + frame);
        }
        state.event(frame);
        seen.add(new Seen(nanos, state.seq(), Json.objectIn(frame, "event")));
        checkAccepted();
    }

    void accepted(JsonNode frame) {
        acceptedAt.put(Json.text(frame, "replyId"), Json.number(frame, "seq"));
        checkAccepted();
    }

    /** What was accepted at a position was queued there, as soon as the log is known so far. */
    private void checkAccepted() {
        acceptedAt.entrySet().removeIf(accepted -> {
            Long queued = state.queuedAt().get(accepted.getKey());
            boolean wrong = queued == null
                    ? accepted.getValue() > state.snapshotSeq() && accepted.getValue() <= state.seq()
                    : !queued.equals(accepted.getValue());
            if (wrong) {
                throw new ProtocolViolation(
                        "Accepted at " + accepted.getValue() + ", queued at " + queued + ": " + accepted.getKey());
            }
            return accepted.getValue() <= state.seq();
        });
    }

    @Override
    public String toString() {
        return monitor.read(() -> state + ", seen " + seen.size() + " events, the last "
                + seen.subList(Math.max(0, seen.size() - 5), seen.size()));
    }
}
