package chat.parley.bench;

import org.jspecify.annotations.Nullable;

/** Somebody with a session, one conversation, and the position up to which he has seen it. */
final class Guest {
    private final String cookie;
    private final Conversation conversation = Conversation.random();
    private volatile @Nullable String cursor;

    /** @param cookie {@code name=value} */
    Guest(String cookie) {
        this.cookie = cookie;
    }

    String cookie() {
        return cookie;
    }

    /** Such a frame says where his conversation stands. */
    void saw(String frame) {
        cursor = Conversation.cursor(frame);
    }

    /** The frame that asks for all that he has not seen. */
    String subscribe() {
        String after = cursor == null ? "" : ",\"after\":\"" + cursor + "\"";
        return conversation.subscribe(after + ",\"limit\":100");
    }

    /** The frame that asks his first question. */
    String ask(String question) {
        return conversation.ask(question);
    }
}
