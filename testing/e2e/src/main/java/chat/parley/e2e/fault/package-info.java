/** Faults as values, and what stands between two processes to break their connection on demand. */
@NullMarked
package chat.parley.e2e.fault;

import org.jspecify.annotations.NullMarked;
