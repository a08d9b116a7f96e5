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
import java.util.stream.Stream;
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
        // As an operator would do it.
        openssl(
                folder,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout ca.key -out ca.pem -subj",
                "/CN=A private CA");
        openssl(
                folder,
                "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout chat.key -out chat.csr -subj",
                "/CN=localhost");
        Files.writeString(folder.resolve("names"), "subjectAltName=DNS:localhost\n");
        openssl(
                folder,
                "x509 -req -in chat.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out",
                "chat.pem");
        http = trusting(folder.resolve("ca.pem"));
        stack = Stack.start(
                StackOptions.standard().replicas(1, 1).tls(folder.resolve("chat.pem"), folder.resolve("chat.key")));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    /** @param last may have spaces */
    private static void openssl(Path folder, String arguments, String last) throws IOException, InterruptedException {
        List<String> command = Stream.of(Stream.of("openssl"), Stream.of(arguments.split(" ", -1)), Stream.of(last))
                .flatMap(words -> words)
                .toList();
        Path output = folder.resolve("openssl.log");
        int exit = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        assertThat(exit).as(Files.readString(output)).isZero();
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
            Turn turn = chat.say("Tell me of locks and keys [[rate=50 tokens=60]]");

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
