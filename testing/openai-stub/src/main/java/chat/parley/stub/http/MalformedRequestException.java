package chat.parley.stub.http;

import java.io.IOException;

/** The client sent what is not an HTTP request that this server takes; the connection cannot go on. */
public final class MalformedRequestException extends IOException {
    private final int status;

    MalformedRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status to answer with. */
    public int status() {
        return status;
    }
}
