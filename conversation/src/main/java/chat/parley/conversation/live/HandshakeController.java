package chat.parley.conversation.live;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.HistoryProperties;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.reply.AssistantStatus;
import chat.parley.conversation.session.Origins;
import chat.parley.conversation.session.Session;
import chat.parley.conversation.session.Sessions;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Opens sockets: for pages of ours and clients that are no pages, with a session, and never for anyone else. */
@RestController
class HandshakeController {
    static final String PROTOCOL = "parley.v1";

    private final Sessions sessions;
    private final Origins origins;
    private final Sockets sockets;
    private final FrameHandler handler;
    private final LiveProperties properties;
    private final HistoryProperties history;
    private final AssistantStatus assistant;

    HandshakeController(
            Sessions sessions,
            Origins origins,
            Sockets sockets,
            FrameHandler handler,
            LiveProperties properties,
            HistoryProperties history,
            AssistantStatus assistant) {
        this.sessions = sessions;
        this.origins = origins;
        this.sockets = sockets;
        this.handler = handler;
        this.properties = properties;
        this.history = history;
        this.assistant = assistant;
    }

    @GetMapping("/ws")
    void open(HttpServletRequest request, HttpServletResponse response) throws IOException, DeploymentException {
        origins.check(request);
        checkProtocol(request);
        Session session = sessions.require(request);
        checkRoom(session);
        SocketEndpoint endpoint = new SocketEndpoint(session, sockets, handler, properties, () -> welcome(session));
        ServerEndpointConfig config = ServerEndpointConfig.Builder.create(SocketEndpoint.class, "/ws")
                .subprotocols(List.of(PROTOCOL))
                .configurator(new OneEndpoint(endpoint))
                .build();
        container(request.getServletContext()).upgradeHttpToWebSocket(request, response, config, Map.of());
    }

    /** A client that offers no protocol gets this one; one that offers only others is not served. */
    private static void checkProtocol(HttpServletRequest request) {
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            throw new RefusedException(ErrorCode.BAD_REQUEST, "This is the place of a WebSocket.");
        }
        List<String> offered = Collections.list(request.getHeaders("Sec-WebSocket-Protocol")).stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(String::strip)
                .toList();
        if (!offered.isEmpty() && !offered.contains(PROTOCOL)) {
            throw new RefusedException(ErrorCode.BAD_REQUEST, "This server speaks " + PROTOCOL + ".");
        }
    }

    private void checkRoom(Session session) {
        if (!sockets.areTaken()) {
            throw new RefusedException(
                    ErrorCode.UNAVAILABLE, "This server takes no sockets just now; please try again.");
        }
        if (sockets.count(session) >= properties.socketsPerUser()) {
            throw new RefusedException(
                    ErrorCode.RATE_LIMITED,
                    "One user has at most " + properties.socketsPerUser() + " sockets open at once.");
        }
    }

    private ServerFrame.Welcome welcome(Session session) {
        return new ServerFrame.Welcome(
                PROTOCOL,
                session.user(),
                new ServerFrame.Limits(properties.messageChars(), properties.frameBytes(), history.messagesPerMinute()),
                assistant.current(),
                Instant.now());
    }

    private static ServerContainer container(ServletContext context) {
        Object container = context.getAttribute(ServerContainer.class.getName());
        if (container instanceof ServerContainer found) {
            return found;
        }
        throw new IllegalStateException("The servlet container knows no WebSocket");
    }

    /** Gives the container the one endpoint of this handshake. */
    private static final class OneEndpoint extends ServerEndpointConfig.Configurator {
        private final SocketEndpoint endpoint;

        OneEndpoint(SocketEndpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(endpoint);
        }

        @Override
        public boolean checkOrigin(String origin) {
            return true; // judged before
        }

        /** No compression: it costs memory for each socket, and mixes what is secret with what others choose. */
        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return List.of();
        }
    }
}
