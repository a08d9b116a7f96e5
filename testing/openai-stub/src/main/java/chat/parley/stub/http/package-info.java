/**
 * A small HTTP/1.1 server for tests: one virtual thread reads each connection, another answers, so that a client which
 * hangs up is noticed at once, also while nothing is being written; and an answer may break off at any byte.
 */
@NullMarked
package chat.parley.stub.http;

import org.jspecify.annotations.NullMarked;
