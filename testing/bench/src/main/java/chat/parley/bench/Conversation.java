package chat.parley.bench;

import chat.parley.events.Id;

/** A conversation of a client, and the frames that the client sends and gets because of it. */
record Conversation(String id) {
    private static final String CURSOR = "\"cursor\":\"";

    /** A new one. */
    static Conversation random() {
        return new Conversation(Id.random().value());
    }

    /**
     * The frame that looks at it.
     *
     * @param members more members of the frame, each after a comma
     */
    String subscribe(String members) {
        return "{\"type\":\"subscribe\",\"id\":\"s\",\"conversationId\":\"" + id + "\"" + members + "}";
    }

    /** The frame that looks away. */
    String unsubscribe() {
        return "{\"type\":\"unsubscribe\",\"id\":\"u\",\"conversationId\":\"" + id + "\"}";
    }

    /** The frame that asks the first question. */
    String ask(String question) {
        return send("\"messageId\":\"m\",\"parentId\":null", question);
    }

    /** The frame that asks the first question, and says how the reply is to be called. */
    String ask(String question, String replyId) {
        return send("\"messageId\":\"m\",\"parentId\":null,\"replyId\":\"" + replyId + "\"", question);
    }

    /**
     * The frame that asks one question of several, under the answer to the one before.
     *
     * @param number from 0
     */
    String ask(int number, String question) {
        String parent = number == 0 ? "null" : "\"r" + (number - 1) + "\"";
        return send(
                "\"messageId\":\"m" + number + "\",\"parentId\":" + parent + ",\"replyId\":\"r" + number + "\"",
                question);
    }

    private String send(String ids, String question) {
        return "{\"type\":\"send\",\"id\":\"q\",\"conversationId\":\"" + id + "\"," + ids + ",\"text\":\"" + question
                + "\"}";
    }

    /** Where a conversation stands, of a frame that says so. */
    static String cursor(String frame) {
        int at = frame.indexOf(CURSOR) + CURSOR.length();
        return frame.substring(at, frame.indexOf('"', at));
    }
}
