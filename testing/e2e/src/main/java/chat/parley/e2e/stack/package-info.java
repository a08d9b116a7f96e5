/** Parley as real processes on loopback, and ways to hurt them. */
@NullMarked
package chat.parley.e2e.stack;

import org.jspecify.annotations.NullMarked;
