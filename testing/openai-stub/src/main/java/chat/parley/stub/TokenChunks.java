package chat.parley.stub;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.io.JsonStringEncoder;

/** Writes the chunks of one stream. They differ in one member only; so the rest of the JSON is written once. */
final class TokenChunks {
    private static final String CONTENT = "\"content\":\"";

    private final byte[] before;
    private final byte[] after;

    /** @param chunk one whose content is empty */
    TokenChunks(String chunk) {
        // Quotation marks within a value are escaped: only the member itself reads like this.
        int content = chunk.indexOf(CONTENT) + CONTENT.length();
        before = chunk.substring(0, content).getBytes(StandardCharsets.UTF_8);
        after = chunk.substring(content).getBytes(StandardCharsets.UTF_8);
    }

    byte[] of(String token) {
        byte[] content = JsonStringEncoder.getInstance().quoteAsUTF8(token);
        byte[] chunk = new byte[before.length + content.length + after.length];
        System.arraycopy(before, 0, chunk, 0, before.length);
        System.arraycopy(content, 0, chunk, before.length, content.length);
        System.arraycopy(after, 0, chunk, before.length + content.length, after.length);
        return chunk;
    }
}
