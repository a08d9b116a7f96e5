/** What the hops of a token's way take alone, on the same servers. */
@NullMarked
package chat.parley.bench.floor;

import org.jspecify.annotations.NullMarked;
