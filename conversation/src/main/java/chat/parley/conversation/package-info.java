/** Keeps every conversation, asks the Assistant for replies, and relays them to the browsers that look. */
@NullMarked
package chat.parley.conversation;

import org.jspecify.annotations.NullMarked;
