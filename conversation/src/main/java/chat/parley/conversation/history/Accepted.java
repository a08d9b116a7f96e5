package chat.parley.conversation.history;

import chat.parley.events.Id;
import java.util.List;

/**
 * A message and the request for its reply are stored for good.
 *
 * @param seq of its {@code reply.queued}
 * @param offers what the caller now has to publish: at most one; none for a repeat, while another reply is open, or if
 *     it is held
 */
public record Accepted(Id messageId, Id replyId, long seq, boolean repeated, List<Offer> offers) {}
