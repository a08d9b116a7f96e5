/** What replies used of the model, and what that cost by the operator's prices. */
@NullMarked
package chat.parley.conversation.usage;

import org.jspecify.annotations.NullMarked;
