package chat.parley.conversation.search;

/** A word of a text, and where it stands in it. */
final class Word {
    private final String folded;
    private final int[] starts;
    private final int to;
    private final boolean alone;

    /**
     * @param starts for each UTF-16 unit of the folded form, where what it comes from begins in the text
     * @param to where the word ends in the text
     * @param alone whether it is one character that is a word wherever it stands, as in Chinese
     */
    Word(String folded, int[] starts, int to, boolean alone) {
        this.folded = folded;
        this.starts = starts;
        this.to = to;
        this.alone = alone;
    }

    String folded() {
        return folded;
    }

    boolean alone() {
        return alone;
    }

    int from() {
        return starts[0];
    }

    int to() {
        return to;
    }

    /** Where a part of the folded form stands in the text; of characters that it has only a part of, the whole. */
    Mark mark(int foldedFrom, int foldedTo) {
        int next = foldedTo;
        while (next < starts.length && starts[next] == starts[foldedTo - 1]) {
            next++;
        }
        return new Mark(starts[foldedFrom], next < starts.length ? starts[next] : to);
    }
}
