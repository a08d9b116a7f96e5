/**
 * Measures Parley from outside, against a baseline in the same run, and reports. Only {@link Smoke} has bounds, wide
 * ones of ratios.
 */
@NullMarked
package chat.parley.bench;

import org.jspecify.annotations.NullMarked;
