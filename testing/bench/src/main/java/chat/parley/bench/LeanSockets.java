package chat.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Opens sockets, and reads all of them on one thread. */
final class LeanSockets implements AutoCloseable {
    private static final int READ_BYTES = 1 << 18;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);

    LeanSockets() throws IOException {
        selector = Selector.open();
        Thread.ofPlatform().daemon().name("lean-sockets").start(this::run);
    }

    /**
     * Begins to open one; what comes of it the listener hears.
     *
     * @param from the address that it has itself
     * @throws IOException if it can't even begin
     */
    LeanSocket open(InetSocketAddress server, InetSocketAddress from, String cookie, LeanSocket.Listener listener)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        LeanSocket socket = new LeanSocket(channel, cookie, listener);
        try {
            channel.configureBlocking(false);
            channel.bind(from);
            channel.connect(server);
            channel.register(selector, SelectionKey.OP_CONNECT, socket);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        selector.wakeup();
        return socket;
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::serve);
            }
        } catch (ClosedSelectorException _) {
            // closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) {
        LeanSocket socket = (LeanSocket) key.attachment();
        try {
            if (key.isConnectable()) {
                key.interestOps(SelectionKey.OP_READ);
                socket.connected();
            } else {
                socket.read(buffer);
            }
        } catch (CancelledKeyException _) {
            // cut meanwhile
        }
    }

    @Override
    public void close() throws IOException {
        selector.keys().forEach(key -> ((LeanSocket) key.attachment()).cut());
        selector.close();
    }
}
