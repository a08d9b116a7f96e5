/** What a measurement says: for people in Markdown, for programs in JSON. */
@NullMarked
package chat.parley.bench.report;

import org.jspecify.annotations.NullMarked;
