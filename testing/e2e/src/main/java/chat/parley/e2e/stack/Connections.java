package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The TCP connections of this machine, as Linux tells them. */
final class Connections {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final String ESTABLISHED = "01";

    private Connections() {}

    /** How many connections to a listening port are established. */
    static int establishedOn(int port) {
        String ending = String.format(Locale.ROOT, ":%04X", port);
        return (int) TABLES.stream()
                .flatMap(Connections::lines)
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns[LOCAL_ADDRESS].endsWith(ending) && columns[STATE].equals(ESTABLISHED))
                .count();
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException("Who holds which socket can be seen on Linux only", e);
        }
    }
}
