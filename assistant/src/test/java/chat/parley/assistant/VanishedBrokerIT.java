package chat.parley.assistant;

import static org.awaitility.Awaitility.await;

import chat.parley.events.Topology;
import chat.parley.testing.servers.RabbitServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What a worker does when its broker's host is gone without a word, and another one has its name. */
class VanishedBrokerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] SHORT = new byte[1];
    /** More than all buffers between two sockets of one machine. */
    private static final byte[] LONG = new byte[1 << 23];

    @Test
    void leavesNobodyInWhatIsBeingWritten() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Way way = new Way(RabbitServer.get());
                Worker worker = Worker.start(
                        RabbitServer.get(),
                        "RABBITMQ_HOST=127.0.0.1",
                        "RABBITMQ_PORT=" + way.port(),
                        "spring.rabbitmq.requested-heartbeat=1s");
                Conversation conversation = new Conversation(RabbitServer.get())) {
            ReplySender sender = worker.bean(ReplySender.class);
            await().atMost(PATIENCE).until(() -> sender.send(0, SHORT).get());
            await().atMost(PATIENCE).until(() -> conversation.consumers(Topology.REQUEST_QUEUE) > 0);

            way.vanish();
            List<CompletableFuture<Void>> written = new ArrayList<>();
            for (int partition = 0; partition < Topology.SHARDS; partition++) {
                int to = partition;
                written.add(CompletableFuture.runAsync(
                        () -> {
                            var _ = sender.send(to, to == 0 ? LONG : SHORT);
                        },
                        threads));
            }

            try {
                await().atMost(PATIENCE).until(() -> written.stream().allMatch(CompletableFuture::isDone));
                for (int partition = 0; partition < Topology.SHARDS; partition++) {
                    int to = partition;
                    await().atMost(PATIENCE).until(() -> sender.send(to, SHORT).get());
                }
            } finally {
                way.end(); // or who still writes could hold up the end of the others
            }
        }
    }

    /** Leads to a broker. Its connections can all be left lying, open and unread, while new ones work. */
    private static final class Way implements AutoCloseable {
        private final RabbitServer broker;
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile int vanished;

        Way(RabbitServer broker) throws IOException {
            this.broker = broker;
            // What is unread must fill it.
            server.setReceiveBufferSize(1 << 16);
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        void vanish() {
            vanished = sockets.size();
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = server.accept();
                    Socket there = new Socket(broker.host(), broker.port());
                    int number = sockets.size();
                    sockets.addAll(List.of(client, there));
                    Thread.ofVirtual().start(() -> carry(number, client, there));
                    Thread.ofVirtual().start(() -> carry(number, there, client));
                }
            } catch (SocketException _) {
                // closed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void carry(int number, Socket from, Socket to) {
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[8192];
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    passOn(number);
                    out.write(buffer, 0, length);
                }
                passOn(number);
                to.close();
            } catch (IOException _) {
                // one end broke; the other hears of it when its own direction ends
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        /** Not even an end passes on a connection that has vanished. */
        private void passOn(int number) throws InterruptedException {
            if (number < vanished) {
                end.await();
            }
        }

        @Override
        public void close() throws IOException {
            end();
        }

        void end() throws IOException {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
            end.countDown();
        }
    }
}
