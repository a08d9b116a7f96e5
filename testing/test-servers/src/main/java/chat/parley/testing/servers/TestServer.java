package chat.parley.testing.servers;

import org.jspecify.annotations.Nullable;

/** A real server for tests. One that a test started for itself may be broken; the shared one may not. */
public abstract sealed class TestServer implements AutoCloseable permits RabbitServer, RedisServer {
    private final String host;
    private final int port;
    private final @Nullable Node node;

    /**
     * Makes one that runs.
     *
     * @param node null for the shared one
     */
    TestServer(String host, int port, @Nullable Node node) {
        this.host = host;
        this.port = port;
        this.node = node;
    }

    public final String host() {
        return host;
    }

    /** Stays the same when a private server is killed and started again. */
    public final int port() {
        return port;
    }

    /** Ends a private server at once, as {@code kill -9} does; returns when it is gone. */
    public final void kill() {
        owned().kill();
    }

    /** Starts a killed private server again, on the same port and data; returns when it answers. */
    public final void restart() {
        owned().start();
    }

    /** Stops a private server in its tracks: connections stay, nothing answers; nothing more if it is paused. */
    public final void pause() {
        owned().pause();
    }

    /** Lets a paused private server go on; nothing if it is not paused. */
    public final void resume() {
        owned().resume();
    }

    /** Ends a private server for good; its folder stays. */
    @Override
    public final void close() {
        owned().close();
    }

    /** The node behind a private server. */
    final Node owned() {
        if (node == null) {
            throw new IllegalStateException("This server is shared: start a private one to break it");
        }
        return node;
    }

    /** Says which server serves the tests, and ends it with the JVM. */
    static void share(String name, ServerSource source, Node node) {
        announce(name, source, "127.0.0.1", node.port());
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "close-" + node.port()));
    }

    @SuppressWarnings("SystemOut") // part of the test run's output, whatever logging is set to
    static void announce(String name, ServerSource source, String host, int port) {
        System.out.println("Integration tests use " + name + " at " + host + ":" + port + " (" + source + ")");
    }
}
