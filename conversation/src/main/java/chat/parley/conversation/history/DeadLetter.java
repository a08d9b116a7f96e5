package chat.parley.conversation.history;

import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that no one could handle: what it was and where it came from, never what was said in it.
 *
 * @param id derived from what it is, so that the same message is the same letter however often it comes
 * @param at when it came
 * @param type of the message, as its sender named it
 * @param messageId as its sender named it
 * @param reply the one reply that it is about; absent if it could not be read, or is about several
 * @param attempt the attempt at that reply
 * @param source the queue that it came from; empty if that is not known
 * @param exchange that leads to that queue; empty if there is none
 * @param routingKey with which it does
 * @param cause why, for people
 * @param tries how often it was delivered before it was given up, as far as the broker says; replays go on counting
 * @param bytes its size
 * @param kept whether its body is kept, without which it can't be replayed
 */
public record DeadLetter(
        Id id,
        Instant at,
        String type,
        String messageId,
        @Nullable ReplyName reply,
        @Nullable Integer attempt,
        String source,
        String exchange,
        String routingKey,
        String cause,
        int tries,
        int bytes,
        boolean kept) {}
