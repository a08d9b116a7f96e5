package chat.parley.conversation.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was not understood of a file, or not taken as it stood, in a bounded number of words. */
final class Notes {
    private static final int LONGEST = 80;
    private static final String WHOLE_FILE = "";

    private final int most;
    private final Map<Key, Integer> counts = new LinkedHashMap<>();
    private int leftOut;

    Notes(int most) {
        this.most = most;
    }

    private record Key(String conversation, Remark code, String detail) {}

    /**
     * One thing.
     *
     * @param conversation its title, or its id if it has none; empty for the file as a whole
     * @param what for people
     * @param code what it is, for programs
     * @param detail what it is called where it comes from; absent if that says no more
     * @param count how often
     */
    record Note(
            String conversation,
            String what,
            Remark code,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String detail,

            int count) {
        private static Note of(Key key, int count) {
            String what = key.code().text() + (key.detail().isEmpty() ? "" : ": " + key.detail());
            return new Note(key.conversation(), what, key.code(), key.detail().isEmpty() ? null : key.detail(), count);
        }
    }

    void add(String conversation, Remark code, String detail, int count) {
        Key key = new Key(conversation, code, detail);
        if (counts.size() < most || counts.containsKey(key)) {
            counts.merge(key, count, Integer::sum);
        } else {
            leftOut += count;
        }
    }

    void addOfFile(Remark code) {
        addOfFile(code, "");
    }

    void addOfFile(Remark code, String detail) {
        add(WHOLE_FILE, code, detail, 1);
    }

    List<Note> all() {
        List<Note> notes = new ArrayList<>();
        counts.forEach((key, count) -> notes.add(Note.of(key, count)));
        if (leftOut > 0) {
            notes.add(Note.of(new Key(WHOLE_FILE, Remark.MORE, ""), leftOut));
        }
        return notes;
    }

    /** A text on one line, cut to a length that a note can show. */
    static String shortened(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (line.length() <= LONGEST) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return line.substring(0, end) + "…";
    }
}
