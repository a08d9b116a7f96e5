/** The HTTP calls of {@code docs/protocol.md}. */
@NullMarked
package chat.parley.conversation.api;

import org.jspecify.annotations.NullMarked;
