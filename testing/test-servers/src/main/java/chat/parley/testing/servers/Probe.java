package chat.parley.testing.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Tells whether a server answers, not only listens.
 *
 * @param hello what is sent to it
 * @param answer how the answer of a ready server begins
 */
record Probe(String hello, String answer) {
    static final Probe AMQP = new Probe("AMQP\0\0\t\1", "\1\0\0");
    static final Probe REDIS = new Probe("PING\r\n", "+PONG");
    /** Redis that lets nobody in without a name. */
    static final Probe CLOSED_REDIS = new Probe("PING\r\n", "-NOAUTH");
    /** For a server that waits to be spoken to. */
    static final Probe LISTENS = new Probe("", "");

    private static final int TIMEOUT_MILLIS = 1000;
    private static final int INTERVAL_MILLIS = 20;

    /**
     * Returns when the server on this loopback port answers.
     *
     * @param meanwhile runs between the tries; may throw to end the waiting
     */
    void await(int port, Duration budget, Runnable meanwhile) {
        long deadline = System.nanoTime() + budget.toNanos();
        while (!answers(port)) {
            meanwhile.run();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Nothing answers on port " + port + " after " + budget);
            }
            pause();
        }
    }

    private boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(hello.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            String begin = new String(in.readNBytes(answer.length()), StandardCharsets.ISO_8859_1);
            return begin.equals(answer);
        } catch (IOException e) {
            return false;
        }
    }

    static void pause() {
        try {
            Thread.sleep(INTERVAL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a server was starting", e);
        }
    }
}
