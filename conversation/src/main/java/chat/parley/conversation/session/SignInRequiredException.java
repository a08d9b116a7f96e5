package chat.parley.conversation.session;

/** There is no session, and guests get none: a person has to sign in. */
public final class SignInRequiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SignInRequiredException() {
        super("Only who has signed in may use this server.");
    }
}
