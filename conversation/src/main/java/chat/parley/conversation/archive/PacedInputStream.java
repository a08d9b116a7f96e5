package chat.parley.conversation.archive;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads what somebody sends as long as it comes fast enough: else who sends a byte now and then would hold a place that
 * others wait for. Only waiting for bytes counts, not what is done with them meanwhile. It closes nothing.
 */
final class PacedInputStream extends InputStream {
    private final InputStream body;
    private final ArchiveProperties properties;
    private final LongSupplier nanoTime;
    private long waited;
    private long received;

    /** @param nanoTime as {@link System#nanoTime} */
    PacedInputStream(InputStream body, ArchiveProperties properties, LongSupplier nanoTime) {
        this.body = body;
        this.properties = properties;
        this.nanoTime = nanoTime;
    }

    /**
     * Waits for a byte.
     *
     * @throws RefusedException UNAVAILABLE if the bytes until now came too slowly
     */
    @Override
    public int read() throws IOException {
        long start = nanoTime.getAsLong();
        int one = body.read();
        count(start, one < 0 ? 0 : 1);
        return one;
    }

    /**
     * Waits for bytes.
     *
     * @throws RefusedException BAD_REQUEST if those until now came too slowly
     */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        long start = nanoTime.getAsLong();
        int read = body.read(into, offset, length);
        count(start, read);
        return read;
    }

    private void count(long start, int bytes) {
        waited += nanoTime.getAsLong() - start;
        if (bytes <= 0) {
            return;
        }
        received += bytes;
        double perSecond = properties.importRate().toBytes();
        double most = properties.importPatience().toNanos() + TimeUnit.SECONDS.toNanos(1) * (received / perSecond);
        if (waited > most) {
            throw new RefusedException(
                    ErrorCode.UNAVAILABLE,
                    "The file came too slowly. What was read until then is kept; please send it again over a faster"
                            + " connection, or as several smaller files.");
        }
    }
}
