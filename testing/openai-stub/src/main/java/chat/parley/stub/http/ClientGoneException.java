package chat.parley.stub.http;

import java.io.IOException;

/** The client closed the connection, or was reset, before it had its answer. */
public final class ClientGoneException extends IOException {
    ClientGoneException() {
        super("The client is gone");
    }
}
