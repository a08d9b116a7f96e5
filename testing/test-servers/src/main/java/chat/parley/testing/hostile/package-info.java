/** What no one of ours would send, for tests of what becomes of it. */
@NullMarked
package chat.parley.testing.hostile;

import org.jspecify.annotations.NullMarked;
