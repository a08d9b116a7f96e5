/** What a service under test gets from outside, as a Java agent: its own code and its jar know nothing of it. */
@NullMarked
package chat.parley.e2e.points.agent;

import org.jspecify.annotations.NullMarked;
