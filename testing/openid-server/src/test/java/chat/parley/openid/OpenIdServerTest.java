package chat.parley.openid;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpenIdServerTest {
    private static OpenIdServer server;

    @BeforeAll
    static void start() {
        server = OpenIdServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void namesItselfAsItIsAsked() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create(server.issuer() + "/.well-known/openid-configuration");

            assertThat(client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                            .body())
                    .contains("\"issuer\":\"" + server.issuer() + "\"");
        }
    }

    @Test
    void sendsWhoSignsInBackWithACode() {
        URI page = page("&code_challenge=" + "a".repeat(43) + "&code_challenge_method=S256");

        assertThat(LoginForm.fill(page, Account.ADA).toString())
                .startsWith("http://127.0.0.1:1/api/session/sign-in/callback?code=")
                .contains("state=the-state");
    }

    @Test
    void wantsPkce() {
        assertThat(LoginForm.fill(page(""), Account.ADA).toString()).contains("error=invalid_request");
    }

    private static URI page(String challenge) {
        return URI.create(server.issuer() + "/oauth2/authorize?response_type=code&client_id=parley&scope=openid"
                + "&redirect_uri=http://127.0.0.1:1/api/session/sign-in/callback&state=the-state" + challenge);
    }
}
