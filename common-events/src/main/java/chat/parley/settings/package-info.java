/** How both services are told what they need to know. Nothing of it is about events. */
@NullMarked
package chat.parley.settings;

import org.jspecify.annotations.NullMarked;
