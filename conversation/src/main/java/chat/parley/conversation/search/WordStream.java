package chat.parley.conversation.search;

import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Gives words to the index, each one place after the one before. */
final class WordStream extends TokenStream {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final List<Word> words;
    private int next;

    WordStream(List<Word> words) {
        this.words = words;
    }

    @Override
    public boolean incrementToken() {
        if (next == words.size()) {
            return false;
        }
        clearAttributes();
        term.append(words.get(next).folded());
        next++;
        return true;
    }

    @Override
    public void reset() {
        next = 0;
    }
}
