/** What is kept of a conversation, in Redis. Every change is one script; what the browser sees is what the log has. */
@NullMarked
package chat.parley.conversation.history;

import org.jspecify.annotations.NullMarked;
