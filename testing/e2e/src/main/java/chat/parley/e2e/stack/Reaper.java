package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the processes that this JVM started when it is gone, also by kill -9: then the pipe to a small shell closes, and
 * the shell kills what it still has on its list.
 */
final class Reaper {
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            alive=' '
            while read -r what process; do
              case $what in
                add) alive="$alive$process " ;;
                forget) alive="${alive%% $process *} ${alive#* $process }" ;;
              esac
            done
            for process in $alive; do
              kill -"${process#*:}" "${process%:*}" 2>/dev/null
              kill -CONT "${process%:*}" 2>/dev/null
            done
            """;

    private static final Reaper ONE = new Reaper();

    private final OutputStream orders;

    private Reaper() {
        try {
            Process shell = new ProcessBuilder("sh", "-c", SCRIPT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            orders = shell.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts a process on the list.
     *
     * @param signal how it is ended: {@code KILL}, or {@code TERM} if it has children to take with it
     */
    static void add(Process process, String signal) {
        ONE.order("add " + process.pid() + ":" + signal);
    }

    /** Takes a process that has ended off the list, before its id is another's. */
    static void forget(Process process, String signal) {
        ONE.order("forget " + process.pid() + ":" + signal);
    }

    private synchronized void order(String order) {
        try {
            orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The process that ends the others is gone", e);
        }
    }
}
