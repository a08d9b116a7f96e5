package chat.parley.e2e.table;

import java.util.Comparator;
import java.util.List;

/** All rows, by number. */
public final class FaultTable {
    private static final List<Row> ROWS = all();

    private FaultTable() {}

    /** All rows, by number. */
    public static List<Row> rows() {
        return ROWS;
    }

    private static List<Row> all() {
        Rows rows = new Rows();
        ConversationRows.addTo(rows);
        AssistantRows.addTo(rows);
        BrokerRows.addTo(rows);
        ClusterRows.addTo(rows);
        StoreRows.addTo(rows);
        ModelRows.addTo(rows);
        EdgeRows.addTo(rows);
        return rows.list().stream().sorted(Comparator.comparingInt(Row::number)).toList();
    }
}
