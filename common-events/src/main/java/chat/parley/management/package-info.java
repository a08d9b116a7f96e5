/** What the management ports of both services have in common. Nothing of it is about events. */
@NullMarked
package chat.parley.management;

import org.jspecify.annotations.NullMarked;
