package chat.parley.testing.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void givesEachPortOnce() {
        assertThat(FreePorts.next()).isNotEqualTo(FreePorts.next());
    }

    @Test
    void keepsItsBlockFromOtherJvmsForGood() throws IOException {
        int block = (FreePorts.next() - 10_000) / 1_000;
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "parley-ports-" + block + ".lock");
        System.gc();
        // Never closed: that would end the other lock on the file, too.
        FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE);
        assertThatThrownBy(other::tryLock).isInstanceOf(OverlappingFileLockException.class);
    }
}
