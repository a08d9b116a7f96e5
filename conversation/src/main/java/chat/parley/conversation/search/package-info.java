/** Finds words in all messages of a user. The index is made of what Redis has, held in memory, and never stored. */
@NullMarked
package chat.parley.conversation.search;

import org.jspecify.annotations.NullMarked;
