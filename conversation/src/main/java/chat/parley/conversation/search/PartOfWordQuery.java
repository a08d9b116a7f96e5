package chat.parley.conversation.search;

import java.io.IOException;
import org.apache.lucene.index.FilteredTermsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.AttributeSource;
import org.apache.lucene.util.BytesRef;

/**
 * Finds what has a word with this part in it. It looks through all different words there are, once, and not through the
 * messages; what it takes does not depend on the part.
 */
final class PartOfWordQuery extends MultiTermQuery {
    /** Words between two looks at the clock. */
    private static final int STRETCH = 4096;

    private final BytesRef part;
    private final Deadline end;

    PartOfWordQuery(String field, String part, Deadline end) {
        super(field, CONSTANT_SCORE_REWRITE);
        this.part = new BytesRef(part);
        this.end = end;
    }

    @Override
    protected TermsEnum getTermsEnum(Terms terms, AttributeSource attributes) throws IOException {
        return new FilteredTermsEnum(terms.iterator(), false) {
            private int seen;

            @Override
            protected AcceptStatus accept(BytesRef term) {
                seen++;
                if (seen % STRETCH == 0) {
                    end.check();
                }
                return contains(term) ? AcceptStatus.YES : AcceptStatus.NO;
            }
        };
    }

    /** In UTF-8 no character begins inside of another. */
    private boolean contains(BytesRef term) {
        byte first = part.bytes[part.offset];
        int last = term.offset + term.length - part.length;
        for (int at = term.offset; at <= last; at++) {
            if (term.bytes[at] == first && matches(term.bytes, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(byte[] bytes, int at) {
        for (int i = 1; i < part.length; i++) {
            if (bytes[at + i] != part.bytes[part.offset + i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void visit(QueryVisitor visitor) {
        visitor.visitLeaf(this);
    }

    @Override
    public String toString(String defaultField) {
        return getField() + ":*" + part.utf8ToString() + "*";
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && part.equals(((PartOfWordQuery) other).part);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + part.hashCode();
    }
}
