/** Who is asking. */
@NullMarked
package chat.parley.conversation.session;

import org.jspecify.annotations.NullMarked;
