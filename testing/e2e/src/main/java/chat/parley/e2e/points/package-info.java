/** Named points in the services' code at which a test can stop a thread, and then the process. */
@NullMarked
package chat.parley.e2e.points;

import org.jspecify.annotations.NullMarked;
