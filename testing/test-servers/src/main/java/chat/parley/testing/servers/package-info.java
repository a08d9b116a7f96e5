/**
 * The real servers that integration tests run against. Where they come from is found once per JVM: an address given in
 * the environment, else Docker through Testcontainers, else programs on the PATH, started privately on free loopback
 * ports. {@code PARLEY_TEST_SERVERS} forces one of the three.
 */
@NullMarked
package chat.parley.testing.servers;

import org.jspecify.annotations.NullMarked;
