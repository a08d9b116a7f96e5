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
        if (stream) {
            for (long at = before; at < before + read; at++) {
                count(sink.getByte(at));
            }
        } else {
            add(Math.max(0, read));
        }
        return read;
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
