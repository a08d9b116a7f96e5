package chat.parley.conversation.search;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a message around the first thing that was found in it, each run of blanks as one.
 *
 * @param marks what was found in the piece, in the order of the text
 */
record Excerpt(String text, List<Mark> marks) {
    /** How much is shown before what was found first, and after it, in UTF-16 units. */
    private static final int BEFORE = 40;

    private static final int AFTER = 120;
    private static final String LEFT_OUT = "…";

    Excerpt {
        marks = List.copyOf(marks);
    }

    /** @param marks what was found in the message, in its order, at least one */
    static Excerpt of(String message, List<Mark> marks) {
        Mark first = marks.getFirst();
        int from = whole(message, Math.max(0, first.from() - BEFORE));
        int to = whole(message, Math.min(message.length(), Math.min(first.to(), first.from() + AFTER) + AFTER));
        StringBuilder text = new StringBuilder(from > 0 ? LEFT_OUT : "");
        int beginning = text.length();
        int[] places = new int[to - from + 1];
        for (int i = from; i < to; i++) {
            places[i - from] = text.length();
            char unit = message.charAt(i);
            if (!isBlank(unit)) {
                text.append(unit);
            } else if (text.length() > beginning && text.charAt(text.length() - 1) != ' ') {
                text.append(' ');
            }
        }
        int end = text.length();
        while (end > beginning && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
        places[to - from] = end;
        List<Mark> shown = new ArrayList<>();
        for (Mark mark : marks) {
            if (mark.from() < to) {
                shown.add(new Mark(places[mark.from() - from], Math.min(end, places[Math.min(mark.to(), to) - from])));
            }
        }
        return new Excerpt(text.append(to < message.length() ? LEFT_OUT : "").toString(), shown);
    }

    private static boolean isBlank(char unit) {
        return Character.isWhitespace(unit) || Character.isSpaceChar(unit);
    }

    /** A place that divides no surrogate pair, this one or the one before it. */
    private static int whole(String text, int at) {
        return at > 0
                        && at < text.length()
                        && Character.isLowSurrogate(text.charAt(at))
                        && Character.isHighSurrogate(text.charAt(at - 1))
                ? at - 1
                : at;
    }
}
