package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.RawSocket;
import chat.parley.e2e.client.Session;
import chat.parley.e2e.client.Turn;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import chat.parley.testing.servers.PrivateCa;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS by nginx, with a certificate of a private CA, down to the model and back. */
class TlsE2E {
    private static Stack stack;
    private static HttpClient http;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        PrivateCa ca = PrivateCa.in(folder);
        PrivateCa.Pair page = ca.issue("localhost");
        http = trusting(ca.certificate());
        stack = Stack.start(StackOptions.standard().replicas(1, 1).tls(page.certificate(), page.key()));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    /** A client that knows this CA and no other. */
    private static HttpClient trusting(Path ca) throws IOException, GeneralSecurityException {
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null, null);
        try (InputStream pem = Files.newInputStream(ca)) {
            known.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
    }

    private static HttpResponse<Void> get(HttpClient client, URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
    }

    @Test
    void givesASessionWhoseCookieNeverLeavesHttps() {
        Session session = Session.open(stack.url(), http);
        String userId = session.userId();
        List<String> parts = List.of(session.setCookie().split("; *", -1));

        assertThat(stack.url()).hasScheme("https");
        assertThat(parts.getFirst()).startsWith("__Host-");
        assertThat(parts).contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/");
        assertThat(parts).noneMatch(part -> part.startsWith("Domain"));
        session.renew();
        assertThat(session.userId()).isEqualTo(userId);
    }

    @Test
    void streamsAWholeAnswerOverASecureSocket() {
        try (ParleyClient client = ParleyClient.connect(Session.open(stack.url(), http))) {
            Chat chat = client.newChat();
            Turn turn = chat.say("Tell me of locks and keys [[rate=20 tokens=120]]");

            assertThat(chat.awaitCompleted(turn).text()).isEqualTo(chat.expected(turn, Invariants.STUB_TOKENS));
            assertThat(chat.seen().stream().filter(seen -> seen.is("reply.delta", turn.replyId())))
                    .hasSizeGreaterThan(2);
            assertThat(chat.differencesFromApi()).isEmpty();
            assertThat(client.welcomes()).isEqualTo(1);
            client.check();
        }
    }

    @Test
    void opensASocketForItsOwnPage() throws IOException {
        Session session = Session.open(stack.url(), http);

        try (RawSocket socket = RawSocket.open(session, "https://" + stack.url().getAuthority())) {
            assertThat(socket.await("welcome").path("user").path("id").asString())
                    .isEqualTo(session.userId());
        }
    }

    @Test
    void tellsBrowsersToStayWithHttps() throws IOException, InterruptedException {
        for (String path : List.of("/", "/api/models")) {
            assertThat(get(http, stack.url().resolve(path)).headers().firstValue("Strict-Transport-Security"))
                    .hasValue("max-age=31536000");
        }
    }

    @Test
    void sendsPlainHttpThere() throws IOException, InterruptedException {
        HttpResponse<Void> answer = get(http, stack.plainUrl().resolve("/api/models?x=1"));

        assertThat(answer.statusCode()).isEqualTo(308);
        assertThat(answer.headers().firstValue("Location"))
                .hasValue("https://" + stack.plainUrl().getHost() + ":"
                        + stack.url().getPort() + "/api/models?x=1");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void isRefusedByAClientThatDoesNotKnowTheCa() {
        try (HttpClient stranger = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> get(stranger, stack.url())).isInstanceOf(SSLHandshakeException.class);
        }
    }
}
