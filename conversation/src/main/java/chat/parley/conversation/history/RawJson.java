package chat.parley.conversation.history;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;

/** JSON that was encoded once and is passed on as it is. */
public record RawJson(@JsonValue @JsonRawValue String json) {
    @Override
    public String toString() {
        return json;
    }
}
