package chat.parley.stub.http;

import java.io.IOException;

/** Answers requests, each on its own virtual thread. */
public interface HttpHandler {
    /**
     * Answers one request.
     *
     * @throws IOException if the client is gone; the connection is closed
     */
    void handle(HttpExchange exchange) throws IOException;

    /** Answers what could not be read as a request; the connection is closed after it. */
    void malformed(HttpExchange exchange, MalformedRequestException problem) throws IOException;

    /** Is told that {@link #handle} threw. An {@link IOException} only says that the client is gone. */
    void failed(Exception cause);
}
