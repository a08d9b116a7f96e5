package chat.parley.conversation.session;

/**
 * A sign-in under way. The browser carries it, sealed, to the provider and back, so that any replica can finish it.
 *
 * @param state what the provider gives back: only this browser's own sign-in is finished here
 * @param nonce what the provider puts into its token: only a token that was made for this sign-in is taken
 * @param verifier proves to the provider that the code is redeemed by whoever asked for it (PKCE)
 * @param redirectUri where the provider sends the browser back to
 * @param returnTo where in the page the person was: empty, or a fragment that begins with {@code #/}
 * @param expiresAt in seconds since 1970
 */
record SignIn(String state, String nonce, String verifier, String redirectUri, String returnTo, long expiresAt) {}
