package chat.parley.conversation;

import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What this JVM holds at a moment, to see later whether hostile input has left something behind. */
public final class Footprint {
    private static final int MORE_THREADS = 30;
    private static final int MORE_FILES = 50;
    private static final long MORE_HEAP = 96L << 20;

    private final int threads = threads();
    private final long files = files();
    private final long heap = heap();

    /**
     * Waits until no more is held than at first, but for what pools and caches may add.
     *
     * @throws org.awaitility.core.ConditionTimeoutException if that does not come to be
     */
    public void awaitNoMore() {
        awaitThat("threads", () -> threads() <= threads + MORE_THREADS);
        awaitThat("files and sockets", () -> files() <= files + MORE_FILES);
        awaitThat("bytes of heap", () -> heap() <= heap + MORE_HEAP);
    }

    private static void awaitThat(String what, BooleanSupplier holds) {
        await("no more " + what + " than before").atMost(Duration.ofSeconds(30)).until(holds::getAsBoolean);
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /** What is left after a collection. */
    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
