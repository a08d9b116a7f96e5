/**
 * The worker: takes a request, streams the reply from an OpenAI-compatible model, and says what happens, piece by
 * piece, to Conversation. It keeps nothing: whatever it has not said is lost with it, and asked for again.
 *
 * <p>The way of a request: {@code RequestIntake} (containers) → {@code RequestListener} (accepts, acks) →
 * {@code ReplyWriter} (one attempt) → {@code ModelClient} (the HTTP call), and back through {@code ReplyPublisher}.
 */
@NullMarked
package chat.parley.assistant;

import org.jspecify.annotations.NullMarked;
