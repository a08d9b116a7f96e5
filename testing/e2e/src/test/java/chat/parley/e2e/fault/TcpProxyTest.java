package chat.parley.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Through a real echo server. */
class TcpProxyTest {
    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = TcpProxy.start(0, echo.getLocalPort());
        Thread.ofVirtual().start(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket socket = echo.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        } catch (IOException _) {
                            // the test broke it
                        }
                    });
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static byte[] exchange(Socket socket, byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        return socket.getInputStream().readNBytes(bytes.length);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void passesEveryByteBothWaysAndTheEndToo() throws IOException {
        try (Socket socket = connect()) {
            byte[] sent = bytes(50_000);
            assertThat(exchange(socket, sent)).isEqualTo(sent);

            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void slicesAndSlowsWithoutLosingAByte() throws Exception {
        try (Socket socket = connect();
                Fault _ = proxy.with(new Toxic.Slices(3));
                Fault _ = proxy.with(new Toxic.Latency(Duration.ofMillis(20)));
                Fault _ = proxy.with(new Toxic.Bandwidth(50_000))) {
            byte[] sent = bytes(1000);
            long start = System.nanoTime();

            assertThat(exchange(socket, sent)).isEqualTo(sent);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(40));
        }
    }

    @Test
    void letsNothingThroughABlackHoleUntilItIsGone() throws Exception {
        try (Socket socket = connect()) {
            assertThat(exchange(socket, bytes(1))).hasSize(1);
            try (Fault _ = proxy.with(new Toxic.BlackHole())) {
                socket.getOutputStream().write(7);
                socket.setSoTimeout(200);
                InputStream in = socket.getInputStream();
                assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
            }
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void cutsAConnectionAfterSoManyBytes() throws Exception {
        try (Socket socket = connect();
                Fault _ = proxy.with(new Toxic.CutAfter(10))) {
            socket.getOutputStream().write(bytes(10));
            InputStream in = socket.getInputStream();

            assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void losesTheAnswerToWhatArrived() throws Exception {
        try (Socket socket = connect();
                Fault _ = proxy.with(new Toxic.LostAnswers())) {
            socket.getOutputStream().write(bytes(10));
            InputStream in = socket.getInputStream();

            assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
        }
        try (Socket socket = connect()) {
            assertThat(exchange(socket, bytes(1))).hasSize(1);
        }
    }

    @Test
    void resetsWhatIsOpenAndRefusesWhatIsNew() throws Exception {
        try (Socket socket = connect()) {
            assertThat(exchange(socket, bytes(1))).hasSize(1);
            try (Fault _ = proxy.refusing()) {
                InputStream in = socket.getInputStream();
                assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
                try (Socket next = connect()) {
                    assertThatThrownBy(() -> exchange(next, bytes(1))).isInstanceOf(SocketException.class);
                }
            }
        }
        try (Socket socket = connect()) {
            assertThat(exchange(socket, bytes(1))).hasSize(1);
        }
    }

    @Test
    void letsATapHearWhatPassesBeforeItGoesOn() throws IOException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        proxy.tap((answer, bytes, length) -> heard.add((answer ? "back " : "there ") + length + " from " + bytes[0]));
        try (Socket socket = connect()) {
            byte[] _ = exchange(socket, new byte[] {7, 8});
        }

        assertThat(heard).containsExactly("there 2 from 7", "back 2 from 7");
    }
}
