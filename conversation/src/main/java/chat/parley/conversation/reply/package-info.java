/** The broker's side: asks for replies, applies what the workers say, and starts lost attempts anew. */
@NullMarked
package chat.parley.conversation.reply;

import org.jspecify.annotations.NullMarked;
