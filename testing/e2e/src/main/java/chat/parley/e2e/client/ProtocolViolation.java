package chat.parley.e2e.client;

/** The server broke a promise of the protocol's page. */
public final class ProtocolViolation extends AssertionError {
    private static final long serialVersionUID = 1;

    ProtocolViolation(String message) {
        super(message);
    }
}
