package chat.parley.e2e.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** One connection through a proxy. */
final class Passage {
    private static final int BUFFER = 64 * 1024;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final int WRITES_PER_SECOND = 20;

    private final TcpProxy proxy;
    private final Socket client;
    private final Socket upstream;
    private final AtomicLong passed = new AtomicLong();
    private volatile boolean vanished;

    Passage(TcpProxy proxy, Socket client, Socket upstream) {
        this.proxy = proxy;
        this.client = client;
        this.upstream = upstream;
    }

    /** Carries bytes both ways until both directions have ended. */
    void run() {
        Thread back = Thread.ofVirtual().start(() -> pump(upstream, client, true));
        pump(client, upstream, false);
        try {
            back.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts to count what passes anew. */
    void recount() {
        passed.set(0);
    }

    /** Carries nothing any more. */
    void vanish() {
        vanished = true;
    }

    void reset() {
        reset(client);
        reset(upstream);
        vanished = false;
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // closes with RST instead of FIN
            socket.close();
        } catch (IOException _) {
            // it is closed
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answers && proxy.has(Toxic.LostAnswers.class)) {
                    throw new IOException("The answer is lost");
                }
                proxy.tell(answers, buffer, read);
                carry(buffer, read, out);
            }
            waitOutBlackHole();
            to.shutdownOutput();
        } catch (IOException | InterruptedException _) {
            // one end broke: so does the other, unless the news is lost as well
            try {
                waitOutBlackHole();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            reset();
        }
    }

    private void carry(byte[] buffer, int length, OutputStream out) throws IOException, InterruptedException {
        int at = 0;
        delay();
        while (at < length) {
            waitOutBlackHole();
            int piece = length - at;
            Duration pause = Duration.ZERO;
            for (Toxic toxic : proxy.toxics()) {
                switch (toxic) {
                    case Toxic.Slices slices -> piece = Math.min(piece, slices.bytes());
                    case Toxic.Bandwidth limit -> {
                        piece = Math.min(piece, Math.max(1, limit.bytesPerSecond() / WRITES_PER_SECOND));
                        pause = Duration.ofNanos(1_000_000_000L * piece / limit.bytesPerSecond());
                    }
                    case Toxic.CutAfter cut -> piece = cutAt(cut, piece);
                    case Toxic.Latency _, Toxic.BlackHole _, Toxic.LostAnswers _, Toxic.Vanished _ -> {}
                }
            }
            // Counted first: the answer may be on its way back before the write returns.
            passed.addAndGet(piece);
            proxy.count(piece);
            out.write(buffer, at, piece);
            at += piece;
            Thread.sleep(pause);
        }
    }

    private int cutAt(Toxic.CutAfter cut, int piece) throws IOException {
        long left = cut.bytes() - passed.get();
        if (left <= 0) {
            throw new IOException("Cut after " + cut.bytes() + " bytes");
        }
        return (int) Math.min(left, piece);
    }

    private void delay() throws InterruptedException {
        for (Toxic toxic : proxy.toxics()) {
            if (toxic instanceof Toxic.Latency latency) {
                Thread.sleep(latency.time());
            }
        }
    }

    private void waitOutBlackHole() throws InterruptedException {
        while (vanished || proxy.has(Toxic.BlackHole.class)) {
            Thread.sleep(LOOK_AGAIN);
        }
    }
}
