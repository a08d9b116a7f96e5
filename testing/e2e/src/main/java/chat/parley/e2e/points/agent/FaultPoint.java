package chat.parley.e2e.points.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * Where a thread of the service stops, once, if a test has asked for it: then the file {@code <point>.armed} is there,
 * with words that must occur in what the call is about. It becomes {@code <point>.reached}, and the thread waits until
 * the process is killed, or that file is gone.
 */
public final class FaultPoint {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private static volatile Path folder = Path.of("");

    private FaultPoint() {}

    static void watch(Path where) {
        folder = where;
    }

    /**
     * Called by the service at the point.
     *
     * @param about what the call is about, for the choice by words
     */
    public static void reached(String point, Object about) {
        Path armed = folder.resolve(point + ".armed");
        Path reached = folder.resolve(point + ".reached");
        if (!Files.exists(armed) || !isMeant(armed, about)) {
            return;
        }
        try {
            Files.move(armed, reached, StandardCopyOption.ATOMIC_MOVE);
            while (Files.exists(reached)) {
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (NoSuchFileException e) {
            // another thread was first
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isMeant(Path armed, Object about) {
        try {
            return String.valueOf(about).contains(Files.readString(armed));
        } catch (IOException e) {
            return false; // disarmed meanwhile
        }
    }
}
