package chat.parley.assistant;

import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;

/**
 * Breaks off an answer of which more would have to be held at once than there is room for, however small it was on its
 * way: it is counted as it is unpacked. Of a stream that is the longest stretch without an empty line, which ends an
 * event; of all else it is the whole.
 */
final class BoundedSource extends ForwardingSource {
    private final long most;
    private final boolean stream;
    /** Reads bytes where they lie; the buffer would look for each of them anew. */
    private final Buffer.UnsafeCursor cursor = new Buffer.UnsafeCursor();

    private long count;
    private boolean lineIsEmpty = true;

    BoundedSource(Source source, long most, boolean stream) {
        super(source);
        this.most = most;
        this.stream = stream;
    }

    /** @throws AnswerTooLongException if that is more than is held */
    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        long before = sink.size();
        long read = super.read(sink, byteCount);
        if (read <= 0) {
            return read;
        }
        if (stream) {
            countLines(sink, before);
        } else {
            add(read);
        }
        return read;
    }

    private void countLines(Buffer sink, long from) throws AnswerTooLongException {
        try (Buffer.UnsafeCursor piece = sink.readUnsafe(cursor)) {
            for (int length = piece.seek(from); length > 0; length = piece.next()) {
                for (int at = piece.start; at < piece.end; at++) {
                    count(piece.data[at]);
                }
            }
        }
    }

    private void count(byte next) throws AnswerTooLongException {
        if (next == '\n' && lineIsEmpty) {
            count = 0;
            return;
        }
        add(1);
        lineIsEmpty = next == '\n' || (lineIsEmpty && next == '\r');
    }

    private void add(long bytes) throws AnswerTooLongException {
        count += bytes;
        if (count > most) {
            throw new AnswerTooLongException(most);
        }
    }
}
