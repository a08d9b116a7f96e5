package chat.parley.bench.report;

import java.util.List;

/**
 * The numbers of one thing.
 *
 * @param table the title of its table
 */
public record Row(String table, String name, List<Figure> figures) {}
