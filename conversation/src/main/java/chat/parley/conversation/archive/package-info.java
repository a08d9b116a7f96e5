/**
 * Files: a conversation as one, all that is kept of a user as one, and the way back from them and from those of others.
 */
@NullMarked
package chat.parley.conversation.archive;

import org.jspecify.annotations.NullMarked;
