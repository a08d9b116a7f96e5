package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PacedInputStreamTest {
    private final ArchiveProperties properties = ArchivePropertiesTest.with(
            Map.of("parley.archive.import-patience", "30s", "parley.archive.import-rate", "10B"));
    private long now = -5;
    private Duration wait = Duration.ZERO;
    /** Ten bytes at a time, after a wait. */
    private final InputStream sender = new InputStream() {
        @Override
        public int read() {
            now += wait.toNanos();
            return 'x';
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            now += wait.toNanos();
            return Math.min(length, 10);
        }
    };

    private final InputStream paced = new PacedInputStream(sender, properties, () -> now);

    private int take() throws IOException {
        return paced.read(new byte[100]);
    }

    private static void isTooSlow(ThrowingCallable read) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(read)
                .withMessageContaining("too slowly")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void breaksOffWithWhoeverLagsBehind() throws IOException {
        wait = Duration.ofSeconds(2);
        // Of the 2 s that each ten bytes take, one is a second too much: 30 of them are borne.
        for (int i = 0; i < 30; i++) {
            assertThat(take()).isEqualTo(10);
        }

        isTooSlow(this::take);
    }

    @Test
    void countsByteByByteToo() throws IOException {
        wait = Duration.ofSeconds(1);
        for (int i = 0; i < 33; i++) {
            assertThat(paced.read()).isEqualTo('x');
        }

        isTooSlow(paced::read);
    }

    @Test
    void readsForeverWhatComesFastEnough() throws IOException {
        wait = Duration.ofSeconds(1);
        for (int i = 0; i < 10_000; i++) {
            assertThat(take()).isEqualTo(10);
        }
    }

    /** A store that is slow is no fault of the sender's. */
    @Test
    void countsOnlyTheWait() throws IOException {
        for (int i = 0; i < 100; i++) {
            assertThat(take()).isEqualTo(10);
            now += Duration.ofHours(1).toNanos();
        }
    }
}
