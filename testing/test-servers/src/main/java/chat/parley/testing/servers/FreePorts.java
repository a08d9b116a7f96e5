package chat.parley.testing.servers;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports on which nothing listens, from below the range that the system takes for outgoing connections and containers:
 * there one that was free just now may be taken before a server has started, or while it is killed; and a client that
 * tries again and again to reach a killed server's port can meet itself on it. For the same reason each JVM has a block
 * of them for itself, and gives a port out again only after all others.
 */
public final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int BLOCKS = 20;
    private static final int BLOCK = 1_000;

    private static final Block OWN = ownBlock();
    private static final AtomicInteger TRIED = new AtomicInteger();

    /** The lock lasts as long as its file is not collected. */
    private record Block(int first, FileChannel locked) {}

    private FreePorts() {}

    /**
     * A port that was free just now.
     *
     * @throws IllegalStateException if none of this JVM's is
     */
    public static int next() {
        for (int tries = 0; tries < BLOCK; tries++) {
            int port = OWN.first() + TRIED.getAndIncrement() % BLOCK;
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // taken: the next one
            }
        }
        throw new IllegalStateException("None of the ports from " + OWN.first() + " on is free");
    }

    /** The lock is on a file, which other JVMs see, and ends with this JVM, however that ends. */
    private static Block ownBlock() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            for (int block = 0; block < BLOCKS; block++) {
                FileChannel file = FileChannel.open(folder.resolve("parley-ports-" + block + ".lock"), CREATE, WRITE);
                if (file.tryLock() != null) {
                    return new Block(FIRST + BLOCK * block, file);
                }
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock a block of ports in " + folder, e);
        }
        throw new IllegalStateException("There are " + BLOCKS + " other JVMs that start servers for tests");
    }
}
