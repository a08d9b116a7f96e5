package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Copies of what servers keep on disk. */
final class Folders {
    private Folders() {}

    /** Makes the second folder as the first one is; what it had is gone. */
    static void copy(Path from, Path to) {
        try {
            if (Files.exists(to)) {
                for (Path file : all(to).reversed()) {
                    Files.delete(file);
                }
            }
            for (Path file : all(from)) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder before what is in it. */
    private static List<Path> all(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
