package chat.parley.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table of a report, which grows row by row. */
public final class Table {
    private final Report report;
    private final String title;
    private final List<Column> columns;

    Table(Report report, String title, List<Column> columns) {
        this.report = report;
        this.title = title;
        this.columns = List.copyOf(columns);
    }

    /**
     * Adds a row.
     *
     * @param values one for each column; NaN where there is nothing to say
     */
    public void row(String name, List<Double> values) {
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException(values.size() + " values for " + columns.size() + " columns");
        }
        StringBuilder line = new StringBuilder("| ").append(name).append(" |");
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            double value = values.get(i);
            line.append(' ').append(column.cell(value)).append(" |");
            if (!Double.isNaN(value)) {
                figures.add(new Figure(column.name(), value, column.unit()));
            }
        }
        report.row(new Row(title, name, figures), line.toString());
    }
}
