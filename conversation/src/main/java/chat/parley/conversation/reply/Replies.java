package chat.parley.conversation.reply;

import chat.parley.conversation.history.Accepted;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationStore;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Stopped;
import chat.parley.conversation.history.Submission;
import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Asks for replies and stops them. When a method returns, its effect is stored for good; the broker hears of it
 * afterwards, and is never waited for.
 */
@Component
public class Replies {
    private final ConversationStore store;
    private final RequestPublisher requests;
    private final WorkerAborts workers;
    private final HeldReplies held;

    Replies(ConversationStore store, RequestPublisher requests, WorkerAborts workers, HeldReplies held) {
        this.store = store;
        this.requests = requests;
        this.workers = workers;
        this.held = held;
    }

    /**
     * Stores a message and the request for its reply, once.
     *
     * @throws RefusedException as {@link ConversationStore#accept} says
     */
    public Accepted accept(Submission submission, boolean guest) {
        Accepted accepted = store.accept(submission, guest);
        requests.publish(accepted.offers());
        return accepted;
    }

    /**
     * What a message was answered with that was accepted before; empty if it was not.
     *
     * @throws RefusedException as {@link ConversationStore#repeated} says
     */
    public Optional<Accepted> repeated(Submission.Send send) {
        return store.repeated(send);
    }

    /**
     * Stops a reply, queued or streaming; for one that has ended nothing changes.
     *
     * @throws RefusedException as {@link ConversationStore#cancel} says
     */
    public void cancel(ReplyName reply) {
        follow(reply.userId(), store.cancel(reply));
    }

    /**
     * Deletes a conversation for good, and stops its reply.
     *
     * @throws RefusedException as {@link ConversationStore#delete} says
     */
    public void delete(ConversationName conversation) {
        follow(conversation.userId(), store.delete(conversation));
    }

    private void follow(Id owner, Stopped stopped) {
        stopped.abort().ifPresent(workers::abort);
        requests.publish(stopped.offers());
        if (stopped.vacancy()) {
            held.admit(owner);
        }
    }
}
