package chat.parley.standalone;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops parts, and leaves behind one that does not stop in time, so that the process always ends. Nothing is lost by
 * that, since a part may be killed at any moment.
 *
 * @param threads the file that all threads are written to where a part is left behind
 */
record Stop(Path threads) {
    private static final Logger log = LoggerFactory.getLogger(Stop.class);

    /** Returns when the part has stopped, has failed to, or the time is over. */
    void within(Duration limit, AutoCloseable part) {
        String name = part.getClass().getSimpleName();
        Thread thread = Thread.ofPlatform().daemon().name("stop-" + name).start(() -> close(part, name));
        try {
            if (!thread.join(limit)) {
                log.warn(
                        "{} does not stop within {} s and is left behind; what it hangs in: {}",
                        name,
                        limit.toSeconds(),
                        writeThreads());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(AutoCloseable part, String name) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("{} did not stop as it should", name, e);
        }
    }

    /** With virtual threads, which other dumps leave out. */
    private String writeThreads() {
        try {
            Files.deleteIfExists(threads);
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(threads.toAbsolutePath().toString(), ThreadDumpFormat.TEXT_PLAIN);
            return threads.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
