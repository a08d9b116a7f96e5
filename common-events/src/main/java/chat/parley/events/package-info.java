/**
 * The contract between Conversation and Assistant: what crosses the broker, in what form, and under which names.
 *
 * <p>Readers ignore members they do not know; an event of an unknown type is a {@link MalformedEventException}. A new
 * type is therefore read one release before it is sent.
 */
@NullMarked
package chat.parley.events;

import org.jspecify.annotations.NullMarked;
