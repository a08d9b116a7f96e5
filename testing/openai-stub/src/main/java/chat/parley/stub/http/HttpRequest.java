package chat.parley.stub.http;

import java.util.Map;
import java.util.Optional;

/**
 * One request, read whole.
 *
 * @param method in capitals, as sent
 * @param path the target without its query
 * @param query what follows the question mark, not decoded; empty if there is none
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param headers by name, whatever its case; a repeated header keeps the last value
 * @param body empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpRequest(
        String method, String path, String query, String version, Map<String, String> headers, byte[] body) {

    /** The value of a header, trimmed. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    boolean keepsAlive() {
        String connection = header("Connection").orElse("");
        return version.equals("HTTP/1.1") ? !connection.equalsIgnoreCase("close") : false;
    }
}
