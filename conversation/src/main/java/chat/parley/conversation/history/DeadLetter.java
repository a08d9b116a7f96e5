package chat.parley.conversation.history;

import java.time.Instant;

/**
 * A message that no one could handle: what it was, never what was said in it.
 *
 * @param at when it was recorded
 * @param type of the message, as its sender named it
 * @param messageId as its sender named it
 * @param source the queue that it came from; empty if a listener put it aside by itself
 * @param cause why, for people
 * @param bytes its size
 */
public record DeadLetter(Instant at, String type, String messageId, String source, String cause, int bytes) {}
