package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.FailureCode;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.testing.servers.RabbitServer;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker asks the one address that it was set to. What stands there can't send it to another one of its network. */
class ProviderRedirectIT {
    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 307, 308})
    void goesNowhereElse(int status) throws Exception {
        List<String> reached = new CopyOnWriteArrayList<>();
        HttpServer inside = serve(0, "", reached);
        HttpServer provider =
                serve(status, "http://127.0.0.1:" + inside.getAddress().getPort() + "/admin", reached);
        try (Conversation conversation = new Conversation(RabbitServer.get());
                Worker worker = Worker.start(
                        RabbitServer.get(),
                        "OPENAI_BASE_URL=http://127.0.0.1:"
                                + provider.getAddress().getPort())) {
            ReplyRequested request = Requests.of("Where are you?");
            conversation.ask(request);
            await().atMost(Duration.ofSeconds(30)).until(() -> conversation.isEnded(request.reply(), 1));

            assertThat(conversation.events(request.reply()).getLast())
                    .isEqualTo(new AttemptFailed(request.reply(), 1, worker.id(), FailureCode.REQUEST_REJECTED, null));
            assertThat(reached).containsExactly("POST /v1/chat/completions");
        } finally {
            provider.stop(0);
            inside.stop(0);
        }
    }

    /** Answers every call by this status. */
    private static HttpServer serve(int status, String location, List<String> reached) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            reached.add(call.getRequestMethod() + " " + call.getRequestURI());
            call.getResponseHeaders().add("Location", location);
            call.sendResponseHeaders(status == 0 ? 200 : status, -1);
            call.close();
        });
        server.start();
        return server;
    }
}
