package chat.parley.conversation.search;

import chat.parley.conversation.history.MessageTexts.Text;
import chat.parley.conversation.search.Wanted.Part;
import chat.parley.events.Id;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Words of messages, in memory. Used by one thread at a time. */
final class MessageIndex implements AutoCloseable {
    private static final String KEY = "key";
    private static final String CONVERSATION = "conversation";
    private static final String MESSAGE = "message";
    private static final String CREATED = "created";
    private static final String TEXT = "text";
    private static final String WORDS = "words";
    private static final FieldType WORDS_TYPE = new FieldType();
    /** What is written before it goes to the directory, in megabytes. */
    private static final double BUFFER = 8;

    private static final Sort NEWEST_FIRST = new Sort(new SortField(CREATED, SortField.Type.LONG, true));

    static {
        WORDS_TYPE.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
        WORDS_TYPE.setTokenized(true);
        WORDS_TYPE.setOmitNorms(true);
        WORDS_TYPE.freeze();
    }

    private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
    private final IndexWriter writer;
    private DirectoryReader reader;

    MessageIndex() throws IOException {
        writer = new IndexWriter(
                directory,
                new IndexWriterConfig()
                        .setRAMBufferSizeMB(BUFFER)
                        // Threads of its own would be none of those that are bounded.
                        .setMergeScheduler(new SerialMergeScheduler())
                        .setCommitOnClose(false));
        reader = DirectoryReader.open(writer);
    }

    /** A message that has all that was looked for. */
    record Match(Id conversationId, Id messageId, Excerpt excerpt) {}

    /** Adds a message that is not there. */
    void add(Id conversationId, Text message) throws IOException {
        writer.addDocument(document(conversationId, message));
    }

    /** Adds a message that may be there already; it is there once then. */
    void replace(Id conversationId, Text message) throws IOException {
        writer.updateDocument(new Term(KEY, key(conversationId, message)), document(conversationId, message));
    }

    private static String key(Id conversationId, Text message) {
        return conversationId + "/" + message.messageId();
    }

    private static Document document(Id conversationId, Text message) {
        Document document = new Document();
        document.add(new StringField(KEY, key(conversationId, message), Store.NO));
        document.add(new StringField(CONVERSATION, conversationId.value(), Store.YES));
        document.add(new StoredField(MESSAGE, message.messageId().value()));
        document.add(new StoredField(TEXT, message.text()));
        document.add(new NumericDocValuesField(CREATED, message.createdAt().toEpochMilli()));
        document.add(new Field(WORDS, new WordStream(Words.of(message.text())), WORDS_TYPE));
        return document;
    }

    /** Takes out all messages of a conversation. */
    void remove(Id conversationId) throws IOException {
        writer.deleteDocuments(new Term(CONVERSATION, conversationId.value()));
    }

    /** Makes what was added and removed since the last time seen by {@link #search}. */
    void refresh() throws IOException {
        DirectoryReader newer = DirectoryReader.openIfChanged(reader, writer);
        if (newer != null) {
            reader.close();
            reader = newer;
        }
    }

    /**
     * Finds messages, newest first.
     *
     * @throws chat.parley.conversation.history.RefusedException UNAVAILABLE if that takes until the end
     */
    List<Match> search(Wanted wanted, int most, Deadline end) throws IOException {
        List<Match> matches = new ArrayList<>();
        if (wanted.isEmpty() || most < 1) {
            return matches;
        }
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        StoredFields stored = searcher.storedFields();
        Query query = query(wanted, end);
        FieldDoc last = null;
        // The index can't tell where words end inside of others that a phrase begins or ends with: that is looked at in
        // the text, so more may be needed than are wanted.
        for (int page = most; ; page *= 4) {
            ScoreDoc[] found = searcher.searchAfter(last, query, page, NEWEST_FIRST).scoreDocs;
            for (ScoreDoc one : found) {
                end.check();
                Document document = stored.document(one.doc);
                String text = document.get(TEXT);
                List<Mark> marks = wanted.find(Words.of(text));
                if (!marks.isEmpty()) {
                    matches.add(new Match(
                            new Id(document.get(CONVERSATION)),
                            new Id(document.get(MESSAGE)),
                            Excerpt.of(text, marks)));
                    if (matches.size() == most) {
                        return matches;
                    }
                }
            }
            if (found.length < page) {
                return matches;
            }
            last = (FieldDoc) found[found.length - 1];
        }
    }

    private static Query query(Wanted wanted, Deadline end) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        for (Part part : wanted.parts()) {
            List<String> words = part.words();
            int from = part.beginsInside() ? 1 : 0;
            int to = words.size() - (part.endsInside() ? 1 : 0);
            if (part.beginsInside()) {
                all.add(new PartOfWordQuery(WORDS, words.getFirst(), end), Occur.FILTER);
            }
            if (part.endsInside() && !(part.beginsInside() && words.size() == 1)) {
                all.add(new PrefixQuery(new Term(WORDS, words.getLast())), Occur.FILTER);
            }
            if (to - from == 1) {
                all.add(new TermQuery(new Term(WORDS, words.get(from))), Occur.FILTER);
            } else if (to > from) {
                all.add(new PhraseQuery(WORDS, words.subList(from, to).toArray(String[]::new)), Occur.FILTER);
            }
        }
        return all.build();
    }

    /** What it takes, in bytes. */
    long bytes() throws IOException {
        long bytes = writer.ramBytesUsed();
        for (String file : directory.listAll()) {
            bytes += directory.fileLength(file);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        writer.rollback();
        directory.close();
    }
}
