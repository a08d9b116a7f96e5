package chat.parley.e2e.client;

import tools.jackson.databind.JsonNode;

/** The server answered a request with {@code error}. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;

    RefusedException(JsonNode error) {
        super(error.toString());
        this.code = Json.text(error, "code");
    }

    /** One of the protocol's error codes. */
    public String code() {
        return code;
    }
}
