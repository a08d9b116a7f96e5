package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.openid.Account;
import chat.parley.openid.LoginForm;
import chat.parley.openid.OpenIdServer;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** With Spring Authorization Server as the provider. Each test has a person of its own, since accounts stay. */
class SignInIT {
    private static OpenIdServer provider;
    private static Service service;
    private static Service other;

    @BeforeAll
    static void start() {
        provider = OpenIdServer.start();
        service = Service.start(settings("parley.session.provider.client-secret=" + OpenIdServer.CLIENT_SECRET));
        // A public client, which has no secret.
        other = Service.start(settings("parley.session.provider.scopes=openid email"));
    }

    private static String[] settings(String more) {
        return new String[] {
            "parley.session.provider.issuer=" + provider.issuer(),
            "parley.session.provider.client-id=" + OpenIdServer.CLIENT_ID,
            "parley.session.provider.timeout=30s", // it has just been started, and has its first calls to answer
            more
        };
    }

    @AfterAll
    static void stop() {
        other.close();
        service.close();
        provider.close();
    }

    @Test
    void theFirstSignInLeavesEverythingWhereItIs() {
        Visitor visitor = new Visitor(service);
        JsonNode guest = visitor.session();
        assertThat(guest.path("signIn").asBoolean()).isTrue();
        try (Tab tab = visitor.open()) {
            tab.say("c", "m", "Hello");
        }

        assertThat(signIn(visitor, Account.ADA, "{\"returnTo\":\"#/c/c\"}")).isEqualTo("303 /#/c/c");

        assertThat(visitor.user().toString())
                .isEqualTo("{\"id\":\"" + guest.path("user").path("id").asString()
                        + "\",\"name\":\"Ada Lovelace\",\"guest\":false}");
        assertThat(visitor.status("/api/conversations/c")).isEqualTo(200);
        assertThat(visitor.at(other).status("/api/conversations/c")).isEqualTo(200);
        assertThat(visitor.cookies()).containsOnlyKeys("parley-session");
    }

    @Test
    void aSecondBrowserBecomesTheSameUserAndLaterItsOwnGuestAgain() {
        Visitor first = new Visitor(service);
        String grace = first.userId();
        signIn(first, Account.GRACE, null);
        Visitor second = new Visitor(service);
        String guest = second.userId();
        try (Tab tab = second.open()) {
            tab.say("of-the-guest", "m", "Hello");
        }

        assertThat(signIn(second, Account.GRACE, null)).isEqualTo("303 /");

        assertThat(second.user().path("id").asString()).isEqualTo(grace);
        assertThat(second.user().path("name").asString()).isEqualTo("Grace Hopper");
        assertThat(second.status("/api/conversations/of-the-guest")).isEqualTo(404);
        assertThat(second.call("DELETE", "/api/session", null).status()).isEqualTo(204);
        assertThat(second.user().path("id").asString()).isEqualTo(guest);
        assertThat(second.user().path("guest").asBoolean()).isTrue();
        assertThat(second.status("/api/conversations/of-the-guest")).isEqualTo(200);
        assertThat(second.cookies()).containsOnlyKeys("parley-session");
        assertThat(first.user().path("id").asString()).isEqualTo(grace);
    }

    @Test
    void anyReplicaFinishesWhatAnotherBeganAndAPublicClientWillDo() {
        Visitor visitor = new Visitor(other);
        URI callback = LoginForm.fill(visitor.beginSignIn(), Account.LIN);

        assertThat(visitor.at(Service.get()).comeBack(callback)).isEqualTo("303 /#/sign-in-failed");

        callback = LoginForm.fill(visitor.at(service).beginSignIn(), Account.LIN);
        assertThat(visitor.at(other).comeBack(callback)).isEqualTo("303 /");
        assertThat(visitor.user().path("name").asString()).isEqualTo("lin");
        assertThat(visitor.user().path("guest").asBoolean()).isFalse();
    }

    @Test
    void leadsBackToThePathThatThePageHas() {
        try (Service below = Service.start(settings("parley.session.provider.page-path=/chat/"))) {
            Visitor visitor = new Visitor(below);

            assertThat(visitor.beginSignIn().getRawQuery())
                    .contains("redirect_uri=http%3A%2F%2F")
                    .contains("%2Fchat%2Fapi%2Fsession%2Fsign-in%2Fcallback");
            // The proxy in front has taken the prefix away.
            assertThat(visitor.comeBack(URI.create("/api/session/sign-in/callback?state=wrong")))
                    .isEqualTo("303 /chat/#/sign-in-failed");
        }
    }

    /** The port of the service that is asked stands in the address, so the browser comes back to that one. */
    private static String signIn(Visitor visitor, Account account, String body) {
        URI page = URI.create(visitor.call("POST", "/api/session/sign-in", body)
                .json()
                .path("location")
                .asString());
        return visitor.comeBack(LoginForm.fill(page, account));
    }
}
