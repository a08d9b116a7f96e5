package chat.parley.conversation.live;

import jakarta.websocket.CloseReason;

/** Why the server closes a socket. */
enum CloseCode {
    GOING_AWAY(1001, "This server goes away; connect again."),
    STORE_ELSEWHERE(1001, "This server does not reach its store, and another one does; connect again."),
    NOT_TEXT(1003, "Frames are text."),
    TOO_BIG(1009, "This frame is too long."),
    STORE_CAME_BACK_OLDER(1012, "Connect again, and subscribe with after."),
    TOO_SLOW(1013, "This socket does not take its frames; connect again."),
    SILENT(1001, "Nothing was heard for too long; connect again."),
    SESSION_ENDED(4401, "The session has ended; ask for one first.");

    private final int code;
    private final String phrase;

    CloseCode(int code, String phrase) {
        this.code = code;
        this.phrase = phrase;
    }

    CloseReason reason() {
        return new CloseReason(CloseReason.CloseCodes.getCloseCode(code), phrase);
    }
}
