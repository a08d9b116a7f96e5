package chat.parley.e2e.table;

import chat.parley.e2e.Pace;
import chat.parley.e2e.stack.StackOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts rows that share a stack together. */
final class StackOrder {
    private StackOrder() {}

    static List<Row> of(List<Row> rows, Pace pace) {
        Map<StackOptions, List<Row>> byStack = new LinkedHashMap<>();
        rows.forEach(row -> byStack.computeIfAbsent(row.options().apply(pace), _ -> new ArrayList<>())
                .add(row));
        return byStack.values().stream().flatMap(List::stream).toList();
    }
}
