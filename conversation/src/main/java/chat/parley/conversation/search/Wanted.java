package chat.parley.conversation.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a person looks for: all of these parts have to be in a message, wherever they stand. Nothing that people type
 * has a meaning but quotation marks.
 */
record Wanted(List<Part> parts) {
    private static final String QUOTATION_MARKS = "[\"“”„«»]";

    /**
     * Words next to each other, in this order.
     *
     * @param beginsInside whether the first one may be the end of a longer word
     * @param endsInside whether the last one may be the beginning of a longer word
     */
    record Part(List<String> words, boolean beginsInside, boolean endsInside) {}

    Wanted {
        parts = List.copyOf(parts);
    }

    /**
     * Reads what was typed. Each piece between blanks, as {@code foo.bar}, may begin and end inside of words. What
     * stands between quotation marks may not, or only end so where the last one has not been typed yet.
     *
     * @param most most words that may be parts of longer ones, for each of which all words there are have to be looked
     *     at; what comes after is left out
     */
    static Wanted of(String typed, int most) {
        String[] pieces = typed.split(QUOTATION_MARKS, -1);
        List<Part> parts = new ArrayList<>();
        int open = 0;
        for (int i = 0; i < pieces.length; i++) {
            boolean quoted = i % 2 == 1;
            boolean closed = i < pieces.length - 1;
            List<String> texts = quoted ? List.of(pieces[i]) : Arrays.asList(pieces[i].split("\\s+"));
            for (String text : texts) {
                Part part = part(text, !quoted, !quoted || !closed);
                open += (part.beginsInside() ? 1 : 0) + (part.endsInside() ? 1 : 0);
                if (open > 2 * most) {
                    return new Wanted(parts);
                }
                if (!part.words().isEmpty() && !parts.contains(part)) {
                    parts.add(part);
                }
            }
        }
        return new Wanted(parts);
    }

    /** A character that is a word by itself is part of no longer one. */
    private static Part part(String text, boolean beginsInside, boolean endsInside) {
        List<Word> words = Words.of(text);
        return new Part(
                words.stream().map(Word::folded).toList(),
                beginsInside && !words.isEmpty() && !words.getFirst().alone(),
                endsInside && !words.isEmpty() && !words.getLast().alone());
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /**
     * Where all parts are in a text, in their order there, none within another; empty if one of them is not there.
     *
     * @param words of the text
     */
    List<Mark> find(List<Word> words) {
        List<Mark> marks = new ArrayList<>();
        for (Part part : parts) {
            int before = marks.size();
            for (int at = 0; at + part.words().size() <= words.size(); at++) {
                findAt(part, words.subList(at, at + part.words().size()), marks);
            }
            if (marks.size() == before) {
                return List.of();
            }
        }
        return joined(marks);
    }

    private static void findAt(Part part, List<Word> words, List<Mark> marks) {
        if (words.size() == 1) {
            findIn(part, words.getFirst(), marks);
            return;
        }
        int last = words.size() - 1;
        Word begin = words.getFirst();
        Word end = words.get(last);
        String first = part.words().getFirst();
        String ending = part.words().get(last);
        if (!(part.beginsInside()
                        ? begin.folded().endsWith(first)
                        : begin.folded().equals(first))
                || !(part.endsInside()
                        ? end.folded().startsWith(ending)
                        : end.folded().equals(ending))) {
            return;
        }
        for (int i = 1; i < last; i++) {
            if (!words.get(i).folded().equals(part.words().get(i))) {
                return;
            }
        }
        int length = begin.folded().length();
        marks.add(new Mark(
                begin.mark(length - first.length(), length).from(),
                end.mark(0, ending.length()).to()));
    }

    private static void findIn(Part part, Word word, List<Mark> marks) {
        String wanted = part.words().getFirst();
        if (!part.endsInside()) {
            if (word.folded().equals(wanted)) {
                marks.add(new Mark(word.from(), word.to()));
            }
            return;
        }
        int at = word.folded().indexOf(wanted);
        while (at >= 0 && (part.beginsInside() || at == 0)) {
            marks.add(word.mark(at, at + wanted.length()));
            at = word.folded().indexOf(wanted, at + wanted.length());
        }
    }

    private static List<Mark> joined(List<Mark> marks) {
        marks.sort(Comparator.comparingInt(Mark::from).thenComparingInt(Mark::to));
        List<Mark> joined = new ArrayList<>();
        for (Mark mark : marks) {
            Optional<Mark> last = joined.isEmpty() ? Optional.empty() : Optional.of(joined.getLast());
            if (last.isPresent() && mark.from() < last.get().to()) {
                joined.set(
                        joined.size() - 1,
                        new Mark(last.get().from(), Math.max(last.get().to(), mark.to())));
            } else {
                joined.add(mark);
            }
        }
        return joined;
    }
}
