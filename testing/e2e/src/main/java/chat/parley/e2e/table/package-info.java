/** The table of faults: every row a value, run by {@code script/faults}, alone or with the others. */
@NullMarked
package chat.parley.e2e.table;

import org.jspecify.annotations.NullMarked;
