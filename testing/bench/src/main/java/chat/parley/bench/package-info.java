/** Measures Parley from outside, against a baseline in the same run. Nothing here is asserted: it reports. */
@NullMarked
package chat.parley.bench;

import org.jspecify.annotations.NullMarked;
