package chat.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What was measured, in Markdown: on the screen as it comes, and in {@code target/bench/}. */
@SuppressWarnings("SystemOut") // a command says what it found
final class Report {
    private final String name;
    private final List<String> lines = new ArrayList<>();

    Report(String name, String title) {
        this.name = name;
        add("# " + title);
        add("");
        Runtime runtime = Runtime.getRuntime();
        add(runtime.availableProcessors() + " cores, Java " + Runtime.version().feature() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                + "; everything on the same machine: broker, store, proxy, model stub and load.");
    }

    void add(String line) {
        lines.add(line);
        System.out.println(line);
    }

    /** Keeps it. */
    void write() throws IOException {
        Path file = Path.of("target", "bench", name + ".md");
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }
}
