package chat.parley.conversation.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was not understood of a file, or not taken as it stood, in a bounded number of words. */
final class Notes {
    private static final int LONGEST = 80;
    private static final String WHOLE_FILE = "";

    private final int most;
    private final Map<Note.Key, Integer> counts = new LinkedHashMap<>();
    private int leftOut;

    Notes(int most) {
        this.most = most;
    }

    /**
     * One thing.
     *
     * @param conversation its title, or its id if it has none; empty for the file as a whole
     * @param what for people
     * @param count how often
     */
    record Note(String conversation, String what, int count) {
        private record Key(String conversation, String what) {}
    }

    void add(String conversation, String what) {
        add(conversation, what, 1);
    }

    void add(String conversation, String what, int count) {
        Note.Key key = new Note.Key(conversation, what);
        if (counts.size() < most || counts.containsKey(key)) {
            counts.merge(key, count, Integer::sum);
        } else {
            leftOut += count;
        }
    }

    void addOfFile(String what) {
        add(WHOLE_FILE, what);
    }

    List<Note> all() {
        List<Note> notes = new ArrayList<>();
        counts.forEach((key, count) -> notes.add(new Note(key.conversation(), key.what(), count)));
        if (leftOut > 0) {
            notes.add(new Note(WHOLE_FILE, "there is more of this kind than is told here", leftOut));
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
