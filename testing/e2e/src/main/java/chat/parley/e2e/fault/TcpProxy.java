package chat.parley.e2e.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Passes TCP connections on to a port of this machine, and breaks them on demand. A fault is a value: {@code try (Fault
 * _ = proxy.with(new Toxic.BlackHole())) { … }}. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
    private final int target;
    private final ServerSocket server;
    private final List<Toxic> toxics = new CopyOnWriteArrayList<>();
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private final AtomicLong passed = new AtomicLong();
    private volatile @Nullable Tap tap;
    private volatile boolean refusing;

    private TcpProxy(int port, int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy-" + target).start(this::accept);
    }

    /**
     * Starts one.
     *
     * @param port where it listens
     * @param target the port on the loopback address to which it leads; nothing needs to listen there yet
     */
    public static TcpProxy start(int port, int target) {
        try {
            return new TcpProxy(port, target);
        } catch (IOException e) {
            throw new UncheckedIOException("No proxy to " + target, e);
        }
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** Hears what passes, before it goes on; called on the thread that carries it. */
    @FunctionalInterface
    public interface Tap {
        /**
         * Some bytes came.
         *
         * @param answer whether they go to whoever opened the connection
         * @param bytes not to be kept or changed
         * @param length how many of them came
         */
        void heard(boolean answer, byte[] bytes, int length);
    }

    /** Has this hear what passes on all connections from now on, instead of what heard it before. */
    public void tap(Tap listener) {
        tap = listener;
    }

    void tell(boolean answer, byte[] bytes, int length) {
        Tap listener = tap;
        if (listener != null) {
            listener.heard(answer, bytes, length);
        }
    }

    /** Turns a fault on, for open connections and, unless it says else, new ones; closing the value turns it off. */
    public Fault with(Toxic toxic) {
        if (toxic instanceof Toxic.Vanished) {
            List<Passage> vanished = List.copyOf(passages);
            vanished.forEach(Passage::vanish);
            return () -> vanished.forEach(Passage::reset);
        }
        toxics.add(toxic);
        passages.forEach(Passage::recount);
        return () -> toxics.remove(toxic);
    }

    /** Resets every open connection, and every new one until the value is closed. */
    public Fault refusing() {
        refusing = true;
        reset();
        return () -> refusing = false;
    }

    /** Resets every open connection, both of its ends. */
    public void reset() {
        passages.forEach(Passage::reset);
    }

    /** How many connections are open. */
    public int connections() {
        return passages.size();
    }

    /** How many bytes have passed, both ways, on all its connections. */
    public long passed() {
        return passed.get();
    }

    void count(int bytes) {
        passed.addAndGet(bytes);
    }

    List<Toxic> toxics() {
        return toxics;
    }

    boolean has(Class<? extends Toxic> toxic) {
        return toxics.stream().anyMatch(toxic::isInstance);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> pass(client));
            } catch (SocketException _) {
                return; // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void pass(Socket client) {
        Socket upstream = new Socket();
        Passage passage = new Passage(this, client, upstream);
        passages.add(passage);
        try {
            if (refusing || server.isClosed()) {
                return;
            }
            upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            passage.run();
        } catch (IOException _) {
            // nothing listens there: the client gets a reset, as if it had come there itself
        } finally {
            passage.reset();
            passages.remove(passage);
        }
    }

    /** Ends it and resets every connection. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reset();
    }
}
