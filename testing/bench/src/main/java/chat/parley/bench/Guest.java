package chat.parley.bench;

import chat.parley.events.Id;
import org.jspecify.annotations.Nullable;

/** Somebody with a session, one conversation, and the position up to which he has seen it. */
final class Guest {
    private final String cookie;
    private final String conversation = Id.random().value();
    private volatile @Nullable String cursor;

    /** @param cookie {@code name=value} */
    Guest(String cookie) {
        this.cookie = cookie;
    }

    String cookie() {
        return cookie;
    }

    String conversation() {
        return conversation;
    }

    void sawUpTo(String position) {
        cursor = position;
    }

    /** The frame that asks for all that he has not seen. */
    String subscribe() {
        String after = cursor == null ? "" : ",\"after\":\"" + cursor + "\"";
        return "{\"type\":\"subscribe\",\"id\":\"s\",\"conversationId\":\"" + conversation + "\"" + after
                + ",\"limit\":100}";
    }

    /** The frame that asks his first question. */
    String ask(String question) {
        return "{\"type\":\"send\",\"id\":\"q\",\"conversationId\":\"" + conversation
                + "\",\"messageId\":\"m\",\"parentId\":null,\"text\":\"" + question + "\"}";
    }
}
