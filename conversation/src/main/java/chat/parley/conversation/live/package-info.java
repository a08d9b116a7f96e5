/** The browser's side: sockets, frames, subscriptions. */
@NullMarked
package chat.parley.conversation.live;

import org.jspecify.annotations.NullMarked;
