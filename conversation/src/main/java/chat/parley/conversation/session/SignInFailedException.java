package chat.parley.conversation.session;

import java.util.Locale;

/** Somebody could not sign in. */
final class SignInFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why; the log has nothing but this, since whatever else is known is secret or somebody else's words. */
    enum Reason {
        /** No sign-in was begun in this browser, or it took too long. */
        NOT_BEGUN,
        /** It was begun, but what came back is the answer to another one. */
        WRONG_STATE,
        /** The answer is another provider's. */
        WRONG_ISSUER,
        /** The person said no, or the provider did. */
        REFUSED,
        /** The provider gave no answer, or none that can be used. */
        UNREACHABLE,
        /** What the provider says of itself is not what OIDC_ISSUER says, or not safe. */
        WRONG_METADATA,
        /** The provider does not know this server by what it is told. */
        CLIENT_REFUSED,
        /** The code is not good, or not any more. */
        CODE_REFUSED,
        /** The token is forged, too old, or meant for someone else. */
        WRONG_TOKEN,
        /** The store can't be reached. */
        UNAVAILABLE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;

    SignInFailedException(Reason reason) {
        super(reason.toString());
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
