package chat.parley.testing.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Programs that are installed here, and folders for what they keep. */
final class Programs {
    private Programs() {}

    /**
     * The first of these that can be run.
     *
     * @param candidates absolute paths, or names to look up in the PATH
     */
    static Optional<Path> find(String... candidates) {
        return Arrays.stream(candidates)
                .flatMap(Programs::places)
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Stream<Path> places(String candidate) {
        if (candidate.startsWith("/")) {
            return Stream.of(Path.of(candidate));
        }
        @Nullable String path = System.getenv("PATH");
        String folders = (path == null ? "" : path) + File.pathSeparator + "/usr/sbin" + File.pathSeparator + "/sbin";
        return Arrays.stream(folders.split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, candidate));
    }

    /** A new folder under {@code target/}, else in the temporary folder. */
    static Path newFolder(String prefix) {
        try {
            Path target = Path.of("target").toAbsolutePath();
            return Files.isDirectory(target)
                    ? Files.createTempDirectory(target, prefix)
                    : Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
