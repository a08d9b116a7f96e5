package chat.parley.testing.servers;

/** A server that this JVM started, and may break. */
interface Node extends AutoCloseable {
    int port();

    /** Starts it, again after {@link #kill}, on the same port and data; returns when it answers. */
    void start();

    /** Ends it at once, as {@code kill -9} does; returns when it is gone. */
    void kill();

    /** Stops it in its tracks: connections stay, nothing answers; nothing more if it is paused. */
    void pause();

    /** Lets it go on; nothing if it is not paused. */
    void resume();

    /** Ends it for good. */
    @Override
    void close();
}
