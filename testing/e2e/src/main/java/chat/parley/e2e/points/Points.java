package chat.parley.e2e.points;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The points of one process. Its agent and this speak by files in a folder. */
public final class Points {
    private final Path folder;
    private final String service;

    /**
     * Makes those of a process that is about to start.
     *
     * @param folder of this process alone; made if need be
     * @param service {@code conversation} or {@code assistant}
     */
    public Points(Path folder, String service) {
        this.folder = folder;
        this.service = service;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the JVM is started with. */
    public String option(Path agentJar) {
        return "-javaagent:" + agentJar + "=" + folder + ";" + Point.argument(service);
    }

    /**
     * Fails if a point is not in the code any more.
     *
     * @throws IllegalStateException that names those which are missing
     */
    public void checkThere() {
        List<String> missing = Point.of(service).stream()
                .map(Point::fileName)
                .filter(name -> !Files.exists(folder.resolve(name + ".there")))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "Points of " + service + " that are not in its code, look at Point: " + missing);
        }
    }

    /**
     * The next thread that comes to the point stops there.
     *
     * @param words that occur in what its call is about; empty for any
     */
    public void arm(Point point, String words) {
        disarm(point);
        try {
            // In one step: half-written words would be found in anything.
            Path written = Files.writeString(folder.resolve(point.fileName() + ".new"), words);
            Files.move(written, file(point, "armed"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a thread has come to the point since it was armed, and stands there. */
    public boolean isReached(Point point) {
        return Files.exists(file(point, "reached"));
    }

    /** Lets the thread go on, and stops no other. */
    public void disarm(Point point) {
        try {
            Files.deleteIfExists(file(point, "armed"));
            Files.deleteIfExists(file(point, "reached"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets all threads go on. */
    public void disarm() {
        Point.of(service).forEach(this::disarm);
    }

    private Path file(Point point, String state) {
        return folder.resolve(point.fileName() + "." + state);
    }
}
