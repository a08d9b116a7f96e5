package chat.parley.conversation.history;

import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import java.util.List;
import java.util.Optional;

/**
 * A reply was stopped or deleted.
 *
 * @param abort the attempt whose worker should hear of it; empty if none runs
 * @param offers what the caller now has to publish: the next reply, if one waited
 * @param vacancy whether a held reply of the same user can be admitted now
 */
public record Stopped(Optional<Abort> abort, List<Offer> offers, boolean vacancy) {
    static final Stopped NOTHING = new Stopped(Optional.empty(), List.of(), false);

    /** An attempt that is no longer wanted, and who runs it. */
    public record Abort(ReplyName reply, int attempt, Id worker) {}
}
