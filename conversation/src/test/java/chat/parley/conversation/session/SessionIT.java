package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIT {
    private final Service service = Service.get();

    @Test
    void beginsAGuestSession() {
        Answer answer = begin();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .matches(
                        "\\{\"user\":\\{\"id\":\"[0-9a-f]{32}\",\"name\":\"Guest\",\"guest\":true\\},\"signIn\":false,\"share\":true\\}");
        assertThat(answer.header("Set-Cookie"))
                .startsWith("parley-session=")
                .contains("; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=34560000")
                .doesNotContain("Secure", "Domain");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void keepsTheUserOfAValidCookie() {
        Browser browser = Browser.guest(service);

        Answer again = browser.call(browser.request("/api/session").POST(BodyPublishers.noBody()));

        assertThat(again.json().path("user").path("id").asString())
                .isEqualTo(browser.userId().value());
        assertThat(again.header("Set-Cookie")).startsWith("parley-session=");
    }

    @Test
    void givesANewUserToWhoseCookieIsForged() {
        Browser browser = Browser.guest(service);

        Answer answer = Browser.call(
                service,
                Browser.request(service, "/api/session")
                        .header("Cookie", browser.cookie().replace("=1.", "=1.a"))
                        .POST(BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("user").path("id").asString())
                .isNotEqualTo(browser.userId().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void beginsWithAndWithoutABody(String body) {
        HttpRequest.Builder request = Browser.request(service, "/api/session")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));

        assertThat(Browser.call(service, request).status()).isEqualTo(200);
    }

    @Test
    void isSecureBehindAProxyThatIsTrustedAndOnlyThere() {
        HttpRequest.Builder overTls = forwarded(service);
        assertThat(Browser.call(service, overTls).header("Set-Cookie")).startsWith("parley-session=");

        try (Service behind = Service.start("parley.session.trusted-proxies=127.0.0.0/8")) {
            Answer answer = Browser.call(behind, forwarded(behind));

            assertThat(answer.header("Set-Cookie"))
                    .startsWith("__Host-parley-session=")
                    .contains("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/");
            String cookie = answer.header("Set-Cookie").split(";", 2)[0];
            assertThat(Browser.call(behind, forwarded(behind).header("Cookie", cookie))
                            .json())
                    .isEqualTo(answer.json());
        }
    }

    private static HttpRequest.Builder forwarded(Service service) {
        return Browser.request(service, "/api/session")
                .header("X-Forwarded-Proto", "https")
                .POST(BodyPublishers.noBody());
    }

    @Test
    void renewsACookieThatIsNotNewAnyMore() {
        try (Service soon = Service.start("parley.session.renew-after=0s")) {
            assertThat(Browser.guest(soon).get("/api/conversations").header("Set-Cookie"))
                    .startsWith("parley-session=");
        }
        assertThat(Browser.guest(service).get("/api/conversations").header("Set-Cookie"))
                .isEmpty();
    }

    @Test
    void signsWithTheSecretThatIsSet() {
        String secret = "parley.session.secret=a-secret-of-the-operator";
        try (Service one = Service.start(secret);
                Service other = Service.start(secret)) {
            Browser browser = Browser.guest(one);

            assertThat(browser.at(other).get("/api/conversations").status()).isEqualTo(200);
            assertThat(browser.at(service).get("/api/conversations").status()).isEqualTo(401);
        }
    }

    @Test
    void endsForGood() {
        Browser browser = Browser.guest(service);

        Answer ended = browser.delete("/api/session");

        assertThat(ended.status()).isEqualTo(204);
        assertThat(ended.header("Set-Cookie")).startsWith("parley-session=;").contains("Max-Age=0");
        assertThat(browser.get("/api/conversations").status()).isEqualTo(401);
        Answer next = browser.call(browser.request("/api/session").POST(BodyPublishers.noBody()));
        assertThat(next.json().path("user").path("id").asString())
                .isNotEqualTo(browser.userId().value());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/conversations",
        "GET, /api/conversations/c",
        "GET, /api/conversations/c/messages",
        "PATCH, /api/conversations/c",
        "DELETE, /api/conversations/c",
        "GET, /api/conversations/c/export",
        "GET, /api/search?q=x",
        "GET, /api/models",
        "GET, /api/session",
        "DELETE, /api/session",
        "GET, /api/nothing",
        "GET, /%61pi/conversations",
        "GET, /api/export",
        "POST, /api/conversations/import",
        "PUT, /api/conversations/c/share",
        "GET, /api/conversations/c/share",
        "DELETE, /api/conversations/c/share",
        "GET, /api/shares",
        "GET, /api/shared",
        "PUT, /api/shared/00",
        "GET, /api"
    })
    void nothingElseIsDoneWithoutASession(String method, String path) {
        HttpRequest.Builder request = Browser.request(service, path).method(method, BodyPublishers.noBody());

        Answer answer = Browser.call(service, request);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("code").asString()).isEqualTo("unauthorized");
        assertThat(answer.json().path("retryable").asBoolean(true)).isFalse();
    }

    /** No spelling of a path leads past the question who it is. */
    @ParameterizedTest
    @ValueSource(strings = {"/api;x=y/conversations", "/api/conversations;x=y", "/nothing/..;/api/conversations"})
    void nothingIsDoneForAPathWithParameters(String path) {
        HttpRequest.Builder request = Browser.request(service, path).GET();

        assertThat(Browser.call(service, request).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example",
        "Origin, null",
        "Origin, http://127.0.0.1.evil",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void changesNothingForOtherSites(String header, String value) {
        Browser browser = Browser.guest(service);

        Answer change = browser.call(
                browser.request("/api/session").header(header, value).DELETE());
        Answer begin = Browser.call(
                service,
                Browser.request(service, "/api/session").header(header, value).POST(BodyPublishers.noBody()));

        assertThat(change.status()).isEqualTo(403);
        assertThat(change.json().path("code").asString()).isEqualTo("forbidden");
        assertThat(begin.status()).isEqualTo(403);
        assertThat(begin.header("Set-Cookie")).isEmpty();
        assertThat(browser.get("/api/conversations").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void takesNoBodyThatAFormCouldSend(String contentType) {
        HttpRequest.Builder request = Browser.request(service, "/api/session")
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString("{}"));

        assertThat(Browser.call(service, request).status()).isEqualTo(415);
    }

    private Answer begin() {
        return Browser.call(service, Browser.request(service, "/api/session").POST(BodyPublishers.noBody()));
    }
}
