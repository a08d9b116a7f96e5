/** An OpenID Connect provider for tests. */
@NullMarked
package chat.parley.openid;

import org.jspecify.annotations.NullMarked;
