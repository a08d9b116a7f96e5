package chat.parley.stub.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Listens on one TCP port and can refuse connections for a while. Thread-safe. */
public final class HttpServer implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final Duration REBIND_PAUSE = Duration.ofMillis(20);

    private final InetAddress address;
    private final int port;
    private final HttpHandler handler;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listener;
    private volatile long refusedUntil = System.nanoTime();
    private volatile boolean closed;

    private HttpServer(ServerSocket listener, HttpHandler handler) {
        this.listener = listener;
        this.address = listener.getInetAddress();
        this.port = listener.getLocalPort();
        this.handler = handler;
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for any free one
     * @throws IOException if the host is unknown or the port is taken
     */
    public static HttpServer start(String host, int port, HttpHandler handler) throws IOException {
        HttpServer server = new HttpServer(listen(InetAddress.getByName(host), port), handler);
        // A platform thread, so that a program which only serves stays alive.
        Thread.ofPlatform().name("http-accept-" + server.port).start(server::accept);
        return server;
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** The number of open connections. */
    public int connections() {
        return connections.size();
    }

    /**
     * Closes the listening port, so that new connections are refused, and every connection that is not being answered
     * on; the others close when their answer ends. The port opens again after that time.
     */
    public synchronized void refuseFor(Duration time) {
        refusedUntil = System.nanoTime() + time.toNanos();
        closeListener();
        connections.forEach(HttpConnection::closeIfIdle);
    }

    /** Stops listening and closes every connection; answers under way break off. */
    @Override
    public synchronized void close() {
        closed = true;
        closeListener();
        connections.forEach(HttpConnection::close);
    }

    HttpHandler handler() {
        return handler;
    }

    boolean refusing() {
        return closed || System.nanoTime() - refusedUntil < 0;
    }

    private void accept() {
        while (!closed) {
            try {
                serve(listener.accept());
            } catch (IOException _) {
                // Closed to refuse, or out of file descriptors: go on when it is time.
                pause(REBIND_PAUSE);
                reopen();
            }
        }
    }

    private void serve(Socket socket) {
        HttpConnection connection = new HttpConnection(socket, this);
        connections.add(connection);
        if (refusing()) {
            connection.close();
        }
        Thread.ofVirtual().name("http-reader").start(() -> {
            try {
                connection.run();
            } finally {
                connections.remove(connection);
            }
        });
    }

    private synchronized void reopen() {
        if (refusing() || !listener.isClosed()) {
            return;
        }
        try {
            listener = listen(address, port);
        } catch (IOException _) {
            // Taken for the moment; the accepting thread comes back.
        }
    }

    private static ServerSocket listen(InetAddress address, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void closeListener() {
        try {
            listener.close();
        } catch (IOException _) {
            // it listens no more all the same
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
