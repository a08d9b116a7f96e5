package chat.parley.assistant;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** A provider whose answers are packed, and some of them are a gigabyte when they are unpacked. */
final class BombingProvider implements AutoCloseable {
    private static final byte[] BLANKS = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    private static final String CHUNK =
            "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                    + "[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private BombingProvider(HttpServer server) {
        this.server = server;
    }

    static BombingProvider start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        BombingProvider provider = new BombingProvider(server);
        server.setExecutor(provider.threads);
        server.createContext("/", provider::answer);
        server.start();
        return provider;
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private void answer(HttpExchange call) throws IOException {
        String question = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!question.contains("\"stream\":true")) {
            // Only titles are asked for in one piece.
            bomb(call, 200, "application/json", "{\"id\":\"", "");
        } else if (question.contains("Send one line")) {
            bomb(call, 200, "text/event-stream", "data: {\"id\":\"", "");
        } else if (question.contains("Send one event")) {
            bomb(call, 200, "text/event-stream", "data: {\"id\":\"", "\ndata:");
        } else if (question.contains("Send an error")) {
            bomb(call, 400, "application/json", "{\"error\":{\"message\":\"", "");
        } else {
            try (OutputStream out = packed(call, 200, "text/event-stream")) {
                out.write(CHUNK.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static void bomb(HttpExchange call, int status, String type, String begin, String between)
            throws IOException {
        try (OutputStream out = packed(call, status, type)) {
            out.write(begin.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 1024; i++) {
                out.write(BLANKS);
                out.write(between.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static OutputStream packed(HttpExchange call, int status, String type) throws IOException {
        call.getResponseHeaders().add("Content-Type", type);
        call.getResponseHeaders().add("Content-Encoding", "gzip");
        call.sendResponseHeaders(status, 0);
        return new GZIPOutputStream(call.getResponseBody());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
