package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private Path threads() {
        return folder.resolve("threads.txt");
    }

    @Test
    void waitsForAPart() {
        AtomicBoolean stopped = new AtomicBoolean();
        new Stop(threads()).within(LONG, () -> stopped.set(true));
        assertThat(stopped).isTrue();
        assertThat(threads()).doesNotExist();
    }

    @Test
    void goesOnAfterAPartThatFails() {
        new Stop(threads()).within(LONG, () -> {
            throw new IllegalStateException("Can't stop");
        });
        assertThat(threads()).doesNotExist();
    }

    @Test
    void leavesAPartBehindThatDoesNotStopAndSaysWhereItHangs() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        Thread virtual = Thread.ofVirtual().name("hangs-here").start(() -> {
            waits.countDown();
            await(never);
        });
        waits.await();
        try {
            new Stop(threads()).within(Duration.ofMillis(1), never::await);
            new Stop(threads()).within(Duration.ofMillis(1), never::await);
            assertThat(threads()).content().contains("StopTest", "hangs-here");
        } finally {
            never.countDown();
            virtual.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
