package chat.parley.conversation.archive;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What there is to say of a file that was not wholly taken. The page says it in its own languages. */
enum Remark {
    HIDDEN_MESSAGE("a hidden message"),
    TOOL_CALL("a call of a tool"),
    TOOL_RESULT("a result of a tool"),
    THOUGHTS("thoughts before an answer"),
    GENERAL_INSTRUCTIONS("instructions for all conversations"),
    SOURCES("sources of an answer"),
    IMAGE("an image"),
    FILES("attached files"),
    PART("a part that is no text"),
    OTHER_CONTENT("content of another kind"),
    OTHER_ROLE("a message that is neither a person's nor an assistant's"),
    OPEN_REPLY("a reply that was still being written"),
    NO_ID("a message without an id of its own"),
    CYCLE("a message that follows itself"),
    NO_PARENT("a message that follows one which is not there: it begins anew"),
    MESSAGE_IN_FUTURE("a message whose time lies ahead: it counts as of now"),
    IN_FUTURE("its time lies ahead: it counts as of now"),
    ARCHIVED("it was archived, and is listed as any other"),
    TITLE_CUT("its title was too long, and was cut"),
    MODEL_UNKNOWN("its model is not to be had here: the next answer is by the default one"),
    INSTRUCTIONS_TOO_LONG("its instructions are too long, and were left out"),
    EMPTY("not imported: there are no messages in it"),
    TOO_LARGE("not imported: it is too large"),
    TOO_OLD("not imported: it is older than what is kept here"),
    DELETED_TOO_OFTEN("not imported: it was deleted here too often"),
    DELETED_NOW("not imported: it was deleted just now"),
    TOO_MANY("not imported: there are as many conversations as one person may have"),
    TOO_MUCH_TODAY("not imported: that is all that one person may import in a day"),
    UNKNOWN_KIND("something that is no conversation of a kind that is known here"),
    NO_CONVERSATION("something that is no conversation"),
    CONVERSATION_TOO_LARGE("a conversation that is too large"),
    NO_JSON("from some place on the file is no JSON, or has names, texts or levels that are "
            + "too large: what comes after that was not read"),
    OTHER_FILE("a file of the archive that has no conversations"),
    TOO_MANY_FILES("the archive has more files in it than are read: what comes after was not read"),
    UNPACKED_TOO_LARGE("the archive is too large when it is unpacked: what comes after was not read"),
    DAMAGED("the archive is damaged or encrypted: what comes after was not read"),
    BAD_PROMPT("a saved prompt that is too long, or none"),
    TOO_MANY_PROMPTS("a saved prompt that was not imported: there are as many as one person may have"),
    MORE("there is more of this kind than is told here");

    private final String text;

    Remark(String text) {
        this.text = text;
    }

    /** For people who know English. */
    String text() {
        return text;
    }

    /** For programs. */
    @JsonValue
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
