/** A client of the browser protocol, written from its page alone. It checks every promise that the page makes. */
@NullMarked
package chat.parley.e2e.client;

import org.jspecify.annotations.NullMarked;
