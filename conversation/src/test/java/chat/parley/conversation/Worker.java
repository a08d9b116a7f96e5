package chat.parley.conversation;

import chat.parley.conversation.history.Applied;
import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyName;
import chat.parley.events.Usage;
import java.util.ArrayList;
import java.util.List;

/** Writes one reply as the Assistant does, but straight into the store. */
public final class Worker {
    private static final Id ID = new Id("worker");

    private final ReplyStore store;
    private final ReplyName reply;
    private final int attempt;
    private final StringBuilder text = new StringBuilder();
    private int deltas;

    public Worker(Service service, Browser owner, String conversationId, String replyId) {
        this(service, owner, conversationId, replyId, 1);
    }

    public Worker(Service service, Browser owner, String conversationId, String replyId, int attempt) {
        this.store = service.bean(ReplyStore.class);
        this.reply = new ReplyName(owner.userId(), new Id(conversationId), new Id(replyId));
        this.attempt = attempt;
    }

    public Worker starts() {
        return apply(List.of(new ReplyStarted(reply, attempt, ID, "model-1")));
    }

    /** One delta for each piece, all in one pipeline. */
    public Worker says(String... pieces) {
        List<ReplyEvent> events = new ArrayList<>();
        for (String piece : pieces) {
            events.add(new ReplyDelta(reply, attempt, ID, deltas++, text.length(), piece));
            text.append(piece);
        }
        return apply(events);
    }

    public void completes() {
        apply(List.of(new ReplyCompleted(reply, attempt, ID, text.toString(), new Usage(3, 5))));
    }

    public String text() {
        return text.toString();
    }

    public ReplyName reply() {
        return reply;
    }

    private Worker apply(List<? extends ReplyEvent> events) {
        for (Applied applied : store.apply(events, false)) {
            if (applied.outcome() != Outcome.APPLIED) {
                throw new AssertionError("Not applied: " + applied);
            }
        }
        return this;
    }
}
