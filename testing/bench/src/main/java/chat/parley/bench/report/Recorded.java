package chat.parley.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Reports what a program in another language has measured; the time and the load it names are those of the end. */
public final class Recorded {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Recorded() {}

    /**
     * Reports it.
     *
     * @param arguments name and title of the report, a sentence that says what ran on this machine, and a file with the
     *     one {@link Row} as JSON
     */
    public static void main(String[] arguments) throws IOException {
        Report report = new Report(arguments[0], arguments[1], arguments[2]);
        add(report, JSON.readValue(Files.readString(Path.of(arguments[3])), Row.class));
        report.write();
    }

    static void add(Report report, Row row) {
        List<Column> columns = row.figures().stream()
                .map(figure ->
                        new Column(figure.name(), figure.unit(), figure.unit().isEmpty() ? 0 : 1))
                .toList();
        report.table(row.table(), "what", columns)
                .row(row.name(), row.figures().stream().map(Figure::value).toList());
    }
}
