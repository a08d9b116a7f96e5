package chat.parley.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was measured: in Markdown on the screen as it comes, and, when it is written, in {@code target/bench/} as
 * Markdown and as JSON, perhaps with a picture. Every measurement reports here, so that all say on what machine and of
 * which commit.
 */
@SuppressWarnings("SystemOut") // a command says what it found
public final class Report {
    private static final Path FOLDER = Path.of("target", "bench");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final String name;
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Machine machine = Machine.here();
    private final List<String> lines = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private String picture = "";

    /**
     * Starts one of a stack that the bench itself has started.
     *
     * @param name of the measurement, and of its files
     * @param title its headline
     */
    public Report(String name, String title) {
        this(name, title, "Everything on this machine: broker, store, proxy, model stub and load.");
    }

    /**
     * Starts one.
     *
     * @param name of the measurement, and of its files
     * @param title its headline
     * @param where a sentence that says what ran on the machine that the report names
     */
    public Report(String name, String title, String where) {
        this.name = name;
        add("# " + title);
        add("");
        add(machine + ". " + where);
    }

    /** A line for people; numbers that one may want to compare belong into a {@link #table}. */
    public void add(String line) {
        lines.add(line);
        System.out.println(line);
    }

    /**
     * Begins a table; its rows come in the end, by {@link Table#row}.
     *
     * @param title names it among the tables of this report
     * @param of what its rows are
     */
    public Table table(String title, String of, List<Column> columns) {
        add("");
        add(title + ":");
        add("");
        add(columns.stream().map(Column::heading).collect(Collectors.joining(" | ", "| " + of + " | ", " |")));
        add("| --- |" + " --- |".repeat(columns.size()));
        return new Table(this, title, columns);
    }

    /** Draws charts, below each other; {@link #write} keeps them as SVG beside the Markdown. */
    public void picture(String title, List<Chart> charts) {
        picture = Picture.of(charts);
        add("");
        add("![" + title + "](" + name + ".svg)");
    }

    void row(Row row, String line) {
        rows.add(row);
        add(line);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    /** Keeps it. */
    public void write() throws IOException {
        Files.createDirectories(FOLDER);
        Files.write(FOLDER.resolve(name + ".md"), lines);
        if (!picture.isEmpty()) {
            Files.writeString(FOLDER.resolve(name + ".svg"), picture);
        }
        Files.writeString(
                FOLDER.resolve(name + ".json"),
                JSON.writeValueAsString(new Results(name, began.toString(), machine, rows)) + "\n");
    }

    /** Columns with the same unit and number of decimals. */
    public static List<Column> columns(String unit, int decimals, String... names) {
        return Arrays.stream(names)
                .map(column -> new Column(column, unit, decimals))
                .toList();
    }
}
