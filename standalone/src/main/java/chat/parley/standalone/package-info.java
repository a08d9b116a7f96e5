/**
 * Everything in one process: an embedded broker and store, a demo model when there is no key, and each service in its
 * own context. The services do not know that this package exists; what the embedded broker needs translated is
 * translated here.
 */
@NullMarked
package chat.parley.standalone;

import org.jspecify.annotations.NullMarked;
