package chat.parley.openid;

import java.util.List;

/** What a test may choose. */
record OpenIdServerSettings(int port, List<String> callbacks) {}
