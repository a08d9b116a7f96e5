package chat.parley.e2e.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Every result so far, one a line of JSON; none is ever changed. */
final class Results {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;

    Results(Path file) {
        this.file = file;
    }

    void add(Result result) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file, JSON.writeValueAsString(result) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Oldest first. */
    List<Result> all() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            List<Result> results = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                results.add(JSON.readValue(line, Result.class));
            }
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
