package chat.parley.conversation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** What fuzzing has found to be worth trying again: one file for each input. {@code script/fuzz} adds to it. */
public final class Corpus {
    private static final Path ALL = Path.of("src/test/resources/fuzz");

    private Corpus() {}

    /** The inputs of one target, each by the name of its file. */
    public static List<Named<byte[]>> of(String target) throws IOException {
        try (Stream<Path> files = Files.list(ALL.resolve(target))) {
            return files.sorted().map(Corpus::read).toList();
        }
    }

    private static Named<byte[]> read(Path file) {
        try {
            return Named.of(file.getFileName().toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
