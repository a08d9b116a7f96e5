package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.RawSocket;
import chat.parley.e2e.client.Session;
import chat.parley.e2e.client.Socket;
import chat.parley.e2e.client.Turn;
import chat.parley.events.Id;
import chat.parley.events.Topology;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who may do what, and who learns of whom. */
@Tag("url")
@ExtendWith(LogsOnFailure.class)
class SessionE2E {
    private final URI page = Target.url();

    private static int handshakeStatus(Session session, String origin) {
        Socket.HandshakeRefusedException refused =
                catchThrowableOfType(Socket.HandshakeRefusedException.class, () -> RawSocket.open(session, origin));
        return refused == null ? 101 : refused.status();
    }

    private String ownOrigin() {
        return page.getScheme() + "://" + page.getAuthority();
    }

    @Test
    void givesAGuestASessionWhoseCookieNoScriptCanRead() {
        Session session = Session.open(page);
        String userId = session.userId();
        List<String> flags = List.of(session.setCookie().split("; *", -1));

        assertThat(flags).contains("HttpOnly", "SameSite=Lax", "Path=/");
        assertThat(flags.contains("Secure")).isEqualTo("https".equals(page.getScheme()));
        session.renew();
        assertThat(session.userId()).isEqualTo(userId).isNotBlank();
        assertThat(Session.open(page).userId()).isNotEqualTo(userId);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/conversations",
                "GET /api/conversations/x",
                "GET /api/conversations/x/messages",
                "PATCH /api/conversations/x",
                "DELETE /api/conversations/x",
                "GET /api/conversations/x/export?format=json",
                "GET /api/export",
                "POST /api/conversations/import",
                "GET /api/search?q=x",
                "GET /api/models"
            })
    void refusesACallWithoutASession(String call) {
        String[] words = call.split(" ", -1);
        Session.Answer answer =
                Session.none(page).call(words[0], words[1], words[0].equals("PATCH") ? "{\"title\":\"x\"}" : null);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().path("code").asString()).isEqualTo("unauthorized");
        assertThat(answer.json().path("retryable").isBoolean()).isTrue();
    }

    @Test
    void refusesASocketWithoutASession() {
        assertThat(handshakeStatus(Session.none(page), null)).isEqualTo(401);
        assertThat(handshakeStatus(Session.none(page), ownOrigin())).isEqualTo(401);
    }

    @Test
    void opensASocketForThePageItselfAndForWhatIsNoBrowser() throws IOException {
        Session session = Session.open(page);
        for (String origin : new String[] {null, ownOrigin()}) {
            try (RawSocket socket = RawSocket.open(session, origin)) {
                JsonNode welcome = socket.await("welcome");
                assertThat(socket.protocol()).isEqualTo("parley.v1");
                assertThat(welcome.path("user").path("id").asString()).isEqualTo(session.userId());
                assertThat(welcome.path("limits").path("frameBytes").asInt()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "HOST.evil.example", "http://localhost.evil.example"})
    void refusesASocketForAForeignPage(String origin) {
        String foreign = origin.replace("HOST", ownOrigin());

        assertThat(handshakeStatus(Session.open(page), foreign)).isEqualTo(403);
    }

    @Test
    void refusesAChangeThatAForeignPageAsksFor() {
        ParleyClient client = ParleyClient.connect(page);
        Chat chat = client.newChat();
        chat.awaitCompleted(chat.say("Mine"));
        Session session = client.session();
        String path = "/api/conversations/" + chat.id();

        assertThat(session.call("DELETE", path, null, "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(session.call("DELETE", path, null, "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(session.call("PATCH", path, "{\"title\":\"Theirs\"}", "Content-Type", "text/plain")
                        .status())
                .isBetween(400, 499);
        assertThat(session.get(path).json().path("conversation").path("title").asString())
                .isNotEqualTo("Theirs");
        client.close();
    }

    private Session another(Session than, Predicate<Boolean> sameShard) {
        Session session = Session.open(page);
        while (!sameShard.test(shard(session) == shard(than))) {
            session = Session.open(page);
        }
        return session;
    }

    private static int shard(Session session) {
        return Topology.shardOf(new Id(session.userId()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letsTwoUsersUseTheSameIdsAndNeverNotice(boolean onOneShard) {
        try (ParleyClient one = ParleyClient.connect(page);
                ParleyClient other = ParleyClient.connect(another(one.session(), same -> same == onOneShard))) {
            Chat mine = one.chat(UUID.randomUUID().toString());
            Chat theirs = other.chat(mine.id());
            String message = UUID.randomUUID().toString();
            String reply = UUID.randomUUID().toString();
            Turn first = mine.send(message, null, "The first one's words [[rate=20 tokens=120]]", reply);
            mine.awaitText(first, 5);

            assertIsAbsent(other, theirs, first);

            Turn second = theirs.send(message, null, "The second one's words [[rate=40]]", reply);
            assertThat(mine.awaitCompleted(first).text()).isNotEmpty();
            assertThat(theirs.awaitCompleted(second).text()).isNotEmpty();
            assertThat(mine.messages().getFirst().text()).startsWith("The first");
            assertThat(theirs.messages().getFirst().text()).startsWith("The second");
            assertThat(mine.differencesFromApi()).isEmpty();
            assertThat(theirs.differencesFromApi()).isEmpty();
            assertThat(other.session()
                            .call("DELETE", "/api/conversations/" + mine.id(), null)
                            .status())
                    .isEqualTo(204);
            assertThat(mine.differencesFromApi()).isEmpty();
        }
    }

    /** The very same answers as for a conversation that no one ever had. */
    private static void assertIsAbsent(ParleyClient other, Chat theirs, Turn turn) {
        String nowhere = UUID.randomUUID().toString();
        for (String call : List.of(
                "GET /api/conversations/%s",
                "GET /api/conversations/%s/messages",
                "GET /api/conversations/%s/export?format=json",
                "PATCH /api/conversations/%s",
                "DELETE /api/conversations/%s")) {
            assertThat(status(other, call, theirs.id()))
                    .as(call)
                    .isEqualTo(status(other, call, nowhere))
                    .isIn(call.startsWith("DELETE") ? new Object[] {204, 404} : new Object[] {404});
        }
        theirs.awaitSubscribed();
        assertThat(theirs.seq()).isZero();
        assertThat(theirs.messages()).isEmpty();
        assertThat(ProtocolE2E.code(() -> theirs.cancel(turn.replyId()).join())).isEqualTo("not_found");
        assertThat(ProtocolE2E.code(
                        () -> theirs.regenerate(turn.messageId()).accepted().join()))
                .isEqualTo("not_found");
    }

    private static int status(ParleyClient client, String call, String id) {
        String[] words = call.formatted(id).split(" ", -1);
        String body = words[0].equals("PATCH") ? "{\"title\":\"x\"}" : null;
        return client.session().call(words[0], words[1], body).status();
    }
}
