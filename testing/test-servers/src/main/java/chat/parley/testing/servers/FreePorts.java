package chat.parley.testing.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on which nothing listens, from below the range that the system takes for outgoing connections and containers:
 * there one that was free just now may be taken before a server has started, or while it is killed; and a client that
 * tries again and again to reach a killed server's port can meet itself on it.
 */
public final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int END = 30_000;

    /** They stay free until their process starts, and while it is killed. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /** A port that was free just now; no other call gets it. */
    public static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (!GIVEN.add(port)) {
                continue;
            }
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // taken: the next try
            }
        }
    }
}
