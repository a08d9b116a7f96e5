package chat.parley.events;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one socket of a client that has one connection to the broker at a time. When it takes a new one it has given up
 * the old one; but where the other host went without a word, who writes to that one, and whoever waits for him, would
 * be held up until TCP gives up, after about 15 minutes. So the old one is closed.
 */
public final class SoleSocket {
    private final AtomicReference<@Nullable Socket> current = new AtomicReference<>();

    /** Takes a new one, and closes the one before. */
    public void take(Socket socket) {
        Socket before = current.getAndSet(socket);
        if (before != null) {
            // Not here: TLS writes a farewell, which a full socket does not take.
            Thread.ofVirtual().start(() -> close(before));
        }
    }

    private static void close(Socket socket) {
        try {
            // Or TLS would wait for who writes, to say its farewell after him.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // it was closed before, or is now
        }
    }
}
