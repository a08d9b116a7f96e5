package chat.parley.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Reports of one measurement of two things, such as two commits, figure by figure. */
public final class SideBySide {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SideBySide() {}

    /**
     * Reports them.
     *
     * @param arguments name of the report, what A is, what B is, and JSON files of as many runs of A, then of B
     */
    public static void main(String[] arguments) throws IOException {
        List<String> given = List.of(arguments);
        List<Results> runs = new ArrayList<>();
        for (String file : given.subList(3, given.size())) {
            runs.add(JSON.readValue(Files.readString(Path.of(file)), Results.class));
        }
        of(given.get(0), given.get(1), given.get(2), runs).write();
    }

    /** The first half of the runs is of A, the second half of B. */
    static Report of(String name, String a, String b, List<Results> runs) {
        int half = runs.size() / 2;
        if (half == 0 || runs.size() % 2 != 0) {
            throw new IllegalArgumentException(runs.size() + " runs are not as many of A as of B");
        }
        Report report =
                new Report(name, "Side by side: " + runs.getFirst().measurement(), "Every run was on this machine.");
        report.add("A is " + a + ", B is " + b + "; " + half + " runs each, in turns A B.");
        byTable(runs).forEach((title, figures) -> {
            Table table = report.table(title, "figure", columns(half));
            figures.forEach((figure, values) -> table.row(figure, withRatio(values, half)));
        });
        return report;
    }

    /** For each table and figure its value in each run; NaN in a run that lacks it. */
    private static Map<String, Map<String, List<Double>>> byTable(List<Results> runs) {
        Map<String, Map<String, List<Double>>> tables = new LinkedHashMap<>();
        for (int run = 0; run < runs.size(); run++) {
            for (Row row : runs.get(run).rows()) {
                Map<String, List<Double>> figures = tables.computeIfAbsent(row.table(), _ -> new LinkedHashMap<>());
                for (Figure figure : row.figures()) {
                    String unit = figure.unit().isEmpty() ? "" : ", " + figure.unit();
                    figures.computeIfAbsent(row.name() + ": " + figure.name() + unit, _ -> missing(runs.size()))
                            .set(run, figure.value());
                }
            }
        }
        return tables;
    }

    private static List<Double> missing(int runs) {
        return new ArrayList<>(Stream.generate(() -> Double.NaN).limit(runs).toList());
    }

    private static List<Column> columns(int half) {
        List<Column> columns = new ArrayList<>();
        for (String side : List.of("A", "B")) {
            for (int run = 1; run <= half; run++) {
                columns.add(Column.of(side + " " + run, 2));
            }
        }
        columns.add(Column.of("B ÷ A", 2));
        return columns;
    }

    /** And the ratio of the means. */
    private static List<Double> withRatio(List<Double> values, int half) {
        List<Double> row = new ArrayList<>(values);
        row.add(sum(values.subList(half, values.size())) / sum(values.subList(0, half)));
        return row;
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
