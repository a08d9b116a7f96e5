package chat.parley.bench.floor;

import chat.parley.e2e.client.Socket;
import jakarta.servlet.ServletContext;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.apache.tomcat.websocket.server.WsSci;

/**
 * A text frame to an embedded Tomcat of the version that Conversation has, on virtual threads as there, and back. The
 * server is in the bench's own process, without Spring; the frame passes the loopback device twice.
 */
public final class WebSocketEcho implements Step, AutoCloseable {
    /** About as long as a frame with one piece of a reply. */
    private static final String FRAME = "x".repeat(200);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger TOMCATS_LOG = Logger.getLogger("org.apache");

    private final Tomcat tomcat = new Tomcat();
    private final BlockingQueue<Long> answers = new ArrayBlockingQueue<>(1);
    private final Socket socket;

    /**
     * Starts the server and opens the socket.
     *
     * @param folder where the server may keep files
     */
    public WebSocketEcho(Path folder) throws IOException {
        TOMCATS_LOG.setLevel(Level.SEVERE); // that it starts and ends is no part of a report
        tomcat.setBaseDir(folder.resolve("tomcat").toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().getProtocolHandler().setExecutor(new VirtualThreadExecutor("bench-echo-"));
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer((_, servlets) -> addEcho(servlets), null);
        // The filter that upgrades stands in front of servlets only.
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IOException("No Tomcat", e);
        }
        URI page = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
        socket = Socket.open(HttpClient.newHttpClient(), page, Map.of(), new Answers());
    }

    private static void addEcho(ServletContext servlets) {
        ServerContainer container = (ServerContainer) servlets.getAttribute(ServerContainer.class.getName());
        try {
            container.addEndpoint(ServerEndpointConfig.Builder.create(Echo.class, "/ws")
                    .subprotocols(List.of(Socket.PROTOCOL))
                    .build());
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Duration once() throws InterruptedException {
        long begin = System.nanoTime();
        socket.send(FRAME);
        Long end = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (end == null) {
            throw new IllegalStateException("No echo for " + PATIENCE);
        }
        return Duration.ofNanos(end - begin);
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IOException("Tomcat does not end", e);
        }
    }

    private final class Answers implements Socket.Listener {
        @Override
        public void opened(Socket opened) {
            // it is asked when it is needed
        }

        @Override
        public void frame(String text) {
            boolean _ = answers.add(System.nanoTime());
        }

        @Override
        public void heard() {
            // only the echo counts
        }

        @Override
        public void closed(int code, String reason) {
            // the next echo does not come
        }
    }

    /** The server's side; public, because the container makes it. */
    public static final class Echo extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            session.addMessageHandler(String.class, (MessageHandler.Whole<String>) text -> {
                try {
                    session.getBasicRemote().sendText(text);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
