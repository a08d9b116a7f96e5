package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.testing.servers.RedisServer;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What happens to sessions, and what lets nobody in: by a provider that says anything. */
class SignInRefusalsIT {
    private static final String SECRET = "a-secret-of-the-operator";
    private static final String FAILED = "303 /#/sign-in-failed";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static HandMadeProvider provider;
    private static Service service;

    private final String subject = "person-" + System.nanoTime();
    private final Visitor visitor = new Visitor(service);

    @BeforeAll
    static void start() throws IOException {
        provider = new HandMadeProvider();
        service = Service.start(provider.settings(
                "parley.session.secret=" + SECRET, "parley.session.provider.client-secret=a+b secret"));
    }

    @AfterEach
    void tellTheTruth() {
        provider.says(null);
    }

    @AfterAll
    static void stop() {
        service.close();
        provider.close();
    }

    @Test
    void asksTheProviderWithPkceAndNamesItself() {
        URI page = visitor.beginSignIn();
        provider.asked().clear();
        assertThat(visitor.comeBack(provider.signsIn(page, subject))).isEqualTo("303 /");

        assertThat(page.toString()).startsWith(provider.issuer() + "/authorize?");
        assertThat(HandMadeProvider.parameter(page, "response_type")).isEqualTo("code");
        assertThat(HandMadeProvider.parameter(page, "scope")).isEqualTo("openid profile");
        assertThat(HandMadeProvider.parameter(page, "code_challenge_method")).isEqualTo("S256");
        assertThat(HandMadeProvider.parameter(page, "redirect_uri"))
                .isEqualTo(service.http("/api/session/sign-in/callback").toString());
        assertThat(List.of(
                        HandMadeProvider.parameter(page, "state"),
                        HandMadeProvider.parameter(page, "nonce"),
                        HandMadeProvider.parameter(page, "code_challenge")))
                .allMatch(random -> random.length() >= 43)
                .doesNotHaveDuplicates();
        String basic = Base64.getEncoder().encodeToString("parley:a%2Bb+secret".getBytes(StandardCharsets.UTF_8));
        assertThat(provider.asked())
                .singleElement()
                .asString()
                .startsWith("Basic " + basic + " ")
                .contains("code_verifier=");
    }

    @Test
    void namesItselfInTheBodyToAProviderThatKnowsNothingElse() {
        Map<String, Object> metadata = provider.ownMetadata();
        metadata.put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
        provider.says(JSON.writeValueAsString(metadata));
        provider.asked().clear();

        signIn(visitor, subject);

        assertThat(provider.asked())
                .singleElement()
                .asString()
                .startsWith("null ")
                .contains("client_id=parley", "client_secret=a%2Bb+secret");
    }

    @Test
    void aSessionIsAlwaysANewOneAfterSignIn() {
        visitor.session();
        String before = visitor.cookies().get("parley-session");
        try (Tab tab = visitor.open()) {
            signIn(visitor, subject);

            assertThat(tab.closeCode()).isEqualTo(4401);
        }
        String signedIn = visitor.cookies().get("parley-session");
        assertThat(withCookie("parley-session=" + before)).isEqualTo(401);
        assertThat(sessionId(signedIn)).isNotEqualTo(sessionId(before));

        signIn(visitor, subject);
        assertThat(withCookie("parley-session=" + signedIn)).isEqualTo(401);
        assertThat(visitor.status("/api/conversations")).isEqualTo(200);
    }

    private static String sessionId(String token) {
        return token.split("\\.", -1)[2];
    }

    private static int withCookie(String cookie) {
        return Browser.call(
                        service, Browser.request(service, "/api/conversations").header("Cookie", cookie))
                .status();
    }

    @Test
    void whoPlantedASessionHasNothingOfIt() {
        visitor.session();
        Visitor victim = new Visitor(service);
        victim.cookies().putAll(visitor.cookies());

        signIn(victim, subject);

        assertThat(visitor.status("/api/conversations")).isEqualTo(401);
        signIn(visitor, "other-" + subject);
        assertThat(visitor.userId()).isNotEqualTo(victim.userId());
    }

    @Test
    void allSessionsOfAGuestEndWhenHeSignsIn() {
        visitor.session();
        String guest = visitor.cookies().get("parley-session");
        String[] parts = guest.split("\\.", -1);
        // A second session of the same guest, as only the server can make it.
        String twin = new SessionTokens(SECRET)
                .seal()
                .close("1." + parts[1] + ".another."
                        + Instant.now().plusSeconds(600).getEpochSecond());
        assertThat(withCookie("parley-session=" + twin)).isEqualTo(200);

        signIn(visitor, subject);

        assertThat(visitor.userId()).isEqualTo(parts[1]);
        assertThat(withCookie("parley-session=" + twin)).isEqualTo(401);
    }

    @Test
    void anotherPersonInTheSameBrowserIsAnotherUser() {
        String guest = visitor.userId();
        signIn(visitor, subject);
        signIn(visitor, "other-" + subject);

        assertThat(visitor.userId()).isNotEqualTo(guest);
        assertThat(visitor.user().path("name").asString()).isEqualTo("other-" + subject);
    }

    @Test
    void needsTheCookieOfThisVerySignIn() {
        URI page = visitor.beginSignIn();
        URI callback = provider.signsIn(page, subject);
        String own = visitor.cookies().get(SignInCookie.NAME);
        Visitor stranger = new Visitor(service);
        assertThat(stranger.comeBack(callback)).isEqualTo(FAILED);
        stranger.beginSignIn();
        assertThat(stranger.comeBack(callback)).isEqualTo(FAILED);
        assertThat(stranger.cookies()).isEmpty();

        String forged =
                new SessionTokens("another secret of some length").seal().close(claimOf(own));
        visitor.session();
        for (String wrong : List.of(
                "", "x", own + "x", forged, expired(own), visitor.cookies().get("parley-session"))) {
            visitor.cookies().put(SignInCookie.NAME, wrong);
            assertThat(visitor.comeBack(callback)).as(wrong).isEqualTo(FAILED);
            assertThat(visitor.user().path("guest").asBoolean()).isTrue();
        }

        visitor.cookies().put(SignInCookie.NAME, own);
        assertThat(visitor.comeBack(callback)).isEqualTo("303 /");
    }

    private static String claimOf(String sealed) {
        return sealed.substring(0, sealed.lastIndexOf('.'));
    }

    /** The same sign-in, a second too late. */
    private static String expired(String own) {
        String json = new String(
                Base64.getUrlDecoder().decode(claimOf(own).substring("sign-in.".length())), StandardCharsets.UTF_8);
        SignIn signIn = JSON.readValue(json, SignIn.class);
        SignIn late = new SignIn(
                signIn.state(),
                signIn.nonce(),
                signIn.verifier(),
                signIn.redirectUri(),
                signIn.returnTo(),
                Instant.now().getEpochSecond() - 1);
        return new SessionTokens(SECRET)
                .seal()
                .close("sign-in."
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(late)));
    }

    @Test
    void aCodeIsGoodOnce() {
        URI callback = provider.signsIn(visitor.beginSignIn(), subject);
        String cookie = visitor.cookies().get(SignInCookie.NAME);
        assertThat(visitor.comeBack(callback)).isEqualTo("303 /");
        assertThat(visitor.comeBack(callback)).isEqualTo(FAILED);

        Visitor thief = new Visitor(service);
        thief.cookies().put(SignInCookie.NAME, cookie);
        assertThat(thief.comeBack(callback)).isEqualTo(FAILED);
        assertThat(thief.cookies()).isEmpty();
        assertThat(visitor.user().path("guest").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "error=access_denied",
                "error=access_denied&code=x",
                "code=",
                "code=unknown",
                "nothing=",
                "code=x&iss=https://other.example.com"
            })
    void letsNobodyInWithoutACode(String answer) {
        visitor.session();
        URI page = visitor.beginSignIn();
        String path = "/api/session/sign-in/callback?state=" + HandMadeProvider.parameter(page, "state") + "&" + answer;

        Answer failed = visitor.call("GET", path, null);

        assertThat(failed.status() + " " + failed.header("Location") + failed.body())
                .isEqualTo(FAILED);
        assertThat(visitor.user().path("guest").asBoolean()).isTrue();
        assertThat(visitor.cookies()).containsOnlyKeys("parley-session");
    }

    @Test
    void letsNobodyInByAnAddressThatCannotBeRead() throws IOException {
        URI page = visitor.beginSignIn();

        String answer = visitor.rawGet(
                "/api/session/sign-in/callback?state=" + HandMadeProvider.parameter(page, "state") + "&code=%zz");

        assertThat(answer).startsWith("HTTP/1.1 303 ").contains("Location: /#/sign-in-failed\r\n");
    }

    @Test
    void believesNoAnswerThatDoesNotSayWhoseItIsWhereTheProviderAlwaysDoes() {
        Map<String, Object> metadata = provider.ownMetadata();
        metadata.put("authorization_response_iss_parameter_supported", true);
        provider.says(JSON.writeValueAsString(metadata));

        assertThat(visitor.comeBack(provider.signsIn(visitor.beginSignIn(), subject)))
                .isEqualTo(FAILED);
        URI callback = provider.signsIn(visitor.beginSignIn(), subject);
        assertThat(visitor.comeBack(URI.create(callback + "&iss=" + provider.issuer())))
                .isEqualTo("303 /");
    }

    /** Tokens that are no good. */
    enum Token {
        OF_ANOTHER_SIGN_IN(page -> HandMadeProvider.sign(claims(page).claim("nonce", "another"))),
        WITHOUT_NONCE(page -> HandMadeProvider.sign(claims(page).claim("nonce", null))),
        FOR_ANOTHER_CLIENT(page -> HandMadeProvider.sign(claims(page).audience("another"))),
        FOR_SEVERAL_CLIENTS(page -> HandMadeProvider.sign(claims(page).audience(List.of("parley", "another")))),
        FOR_ANOTHER_OF_SEVERAL_CLIENTS(page -> HandMadeProvider.sign(
                claims(page).audience(List.of("parley", "another")).claim("azp", "another"))),
        OF_ANOTHER_ISSUER(page -> HandMadeProvider.sign(claims(page).issuer("https://other.example.com"))),
        TOO_OLD(page -> HandMadeProvider.sign(claims(page)
                .issueTime(Date.from(Instant.now().minusSeconds(7200)))
                .expirationTime(Date.from(Instant.now().minusSeconds(3600))))),
        WITHOUT_SUBJECT(page -> HandMadeProvider.sign(claims(page).subject(null))),
        OF_ANOTHER_KEY(page -> HandMadeProvider.sign(claims(page), HandMadeProvider.key())),
        UNSIGNED(page -> new PlainJWT(claims(page).build()).serialize()),
        SIGNED_WITH_THE_CLIENTS_SECRET(page -> withSecret(claims(page).build())),
        NONE(page -> "no token");

        @SuppressWarnings("ImmutableEnumChecker") // they change nothing
        private final Function<URI, String> token;

        Token(Function<URI, String> token) {
            this.token = token;
        }

        private static JWTClaimsSet.Builder claims(URI page) {
            return provider.claims(page, "someone");
        }

        private static String withSecret(JWTClaimsSet claims) {
            try {
                SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
                token.sign(new MACSigner("a+b secret".repeat(4)));
                return token.serialize();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void letsNobodyInWithATokenThatIsNotRight(Token wrong) {
        URI page = visitor.beginSignIn();

        assertThat(visitor.comeBack(provider.gives(page, wrong.token.apply(page))))
                .isEqualTo(FAILED);
        assertThat(visitor.cookies()).isEmpty();
        assertThat(visitor.user().path("guest").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{`sub`:`SUBJECT`,`name`:`Ada`} | Ada",
                "{`sub`:`SUBJECT`,`email`:`ada@example.com`} | ada",
                "{`sub`:`SUBJECT`} | User",
                "{`sub`:`another`,`name`:`Eve`} | User",
                "{`name`:`Eve`} | User",
                "no JSON | User"
            })
    void asksForANameThatIsNotInTheToken(String answer, String name) {
        provider.saysOfAPerson(answer.replace('`', '"').replace("SUBJECT", subject));
        URI page = visitor.beginSignIn();

        assertThat(visitor.comeBack(provider.gives(page, HandMadeProvider.sign(provider.claims(page, subject)))))
                .isEqualTo("303 /");

        assertThat(visitor.user().path("name").asString()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "issuer, https://other.example.com",
        "token_endpoint, http://other.example.com/token",
        "jwks_uri, http://other.example.com/keys",
        "authorization_endpoint, javascript:alert(1)",
        "authorization_endpoint, http://other.example.com/"
    })
    void sendsNobodyWhereAProviderShouldNotBe(String name, String value) {
        Map<String, Object> metadata = provider.ownMetadata();
        metadata.put(name, value);
        provider.says(JSON.writeValueAsString(metadata));

        assertUnavailable(visitor.call("POST", "/api/session/sign-in", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "{}"})
    void sendsNobodyToAProviderThatCannotBeUnderstood(String metadata) {
        provider.says(metadata);

        assertUnavailable(visitor.call("POST", "/api/session/sign-in", null));
    }

    @Test
    void takesNoAnswerThatIsTooLongAndFollowsNoRedirect() {
        provider.says(JSON.writeValueAsString(provider.ownMetadata()) + " ".repeat(300_000));
        assertUnavailable(visitor.call("POST", "/api/session/sign-in", null));

        try (Service elsewhere = Service.start(
                "parley.session.provider.issuer=" + provider.issuer() + "/elsewhere",
                "parley.session.provider.client-id=parley")) {
            assertUnavailable(new Visitor(elsewhere).call("POST", "/api/session/sign-in", null));
        }
    }

    @Test
    void saysWhenTheProviderIsAwayAndWhenThereIsNone() throws IOException {
        HandMadeProvider gone = new HandMadeProvider();
        gone.close();
        try (Service alone = Service.start(gone.settings())) {
            assertUnavailable(new Visitor(alone).call("POST", "/api/session/sign-in", null));
        }
        Visitor nowhere = new Visitor(Service.get());
        Answer answer = nowhere.call("POST", "/api/session/sign-in", null);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().path("code").asString()).isEqualTo("not_found");
        assertThat(nowhere.comeBack(URI.create("http://x/api/session/sign-in/callback?code=x&state=y")))
                .isEqualTo(FAILED);
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("code").asString()).isEqualTo("unavailable");
        assertThat(answer.json().path("retryable").asBoolean()).isTrue();
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"https://evil.example\"",
                "\"//evil.example\"",
                "\"/evil\"",
                "\"#evil\"",
                "\"evil\"",
                "\"\"",
                "\"#/a b\"",
                "\"#/a\\r\\nSet-Cookie: x=y\"",
                "\"#/\\u00e4\"",
                "\" #/a\"",
                "\"#\\\\/a\"",
                "5",
                "[\"#/a\"]",
                "{\"#/a\":1}"
            })
    void leadsNowhereButIntoThePage(String returnTo) {
        Answer answer = visitor.call("POST", "/api/session/sign-in", "{\"returnTo\":" + returnTo + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("code").asString()).isEqualTo("bad_request");
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void leadsBackToWhereThePersonWas() {
        String longest = "#/" + "x".repeat(198);
        for (String place : List.of("#/", "#/c/abc-1_2", longest)) {
            Answer answer = visitor.call("POST", "/api/session/sign-in", "{\"returnTo\":\"" + place + "\",\"more\":1}");
            URI page = URI.create(answer.json().path("location").asString());

            assertThat(visitor.comeBack(provider.signsIn(page, subject))).isEqualTo("303 /" + place);
        }
        assertThat(visitor.call("POST", "/api/session/sign-in", "{\"returnTo\":\"" + longest + "x\"}")
                        .status())
                .isEqualTo(400);
        for (String nothing : List.of("{}", "{\"returnTo\":null}")) {
            assertThat(visitor.call("POST", "/api/session/sign-in", nothing).status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example",
        "Origin, null",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
    })
    void beginsNothingForOtherSites(String header, String value) {
        Answer answer = visitor.call("POST", "/api/session/sign-in", "{}", header, value);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void takesNoBodyThatAFormCouldSend() {
        Answer answer = visitor.call("POST", "/api/session/sign-in", "{}", "Content-Type", "text/plain");

        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    void keepsItsCookieFromScriptsAndOverTlsFromOtherHosts() {
        Answer plain = visitor.call("POST", "/api/session/sign-in", null);
        assertThat(plain.header("Set-Cookie"))
                .startsWith("parley-sign-in=")
                .contains("; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=600")
                .doesNotContain("Secure");

        try (Service behind = Service.start(provider.settings("parley.session.trusted-proxies=127.0.0.0/8"))) {
            Visitor secure = new Visitor(behind);
            String origin = "https://127.0.0.1:" + behind.port();
            Answer answer =
                    secure.call("POST", "/api/session/sign-in", null, "X-Forwarded-Proto", "https", "Origin", origin);
            assertThat(answer.header("Set-Cookie"))
                    .startsWith("__Host-parley-sign-in=")
                    .contains("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/");
            URI page = URI.create(answer.json().path("location").asString());
            URI callback = provider.signsIn(page, subject);
            assertThat(callback.toString()).startsWith(origin + "/api/session/sign-in/callback?");
            // Such a one may have been set by another host.
            secure.cookies().put("parley-sign-in", secure.cookies().remove("__Host-parley-sign-in"));
            String path = callback.getRawPath() + "?" + callback.getRawQuery();
            assertThat(secure.call("GET", path, null, "X-Forwarded-Proto", "https")
                            .header("Location"))
                    .isEqualTo("/#/sign-in-failed");
        }
    }

    @Test
    void signingOutEverywhereEndsAllSessionsAtAllReplicas() {
        try (Service other = Service.start(provider.settings("parley.session.secret=" + SECRET))) {
            Visitor phone = new Visitor(other);
            signIn(visitor, subject);
            signIn(phone, subject);
            Visitor stranger = new Visitor(other);
            signIn(stranger, "other-" + subject);
            String user = visitor.userId();
            assertThat(phone.userId()).isEqualTo(user);
            try (Tab here = visitor.open();
                    Tab there = phone.open();
                    Tab strange = stranger.open()) {
                assertThat(visitor.call("DELETE", "/api/session?everywhere=true", null)
                                .status())
                        .isEqualTo(204);

                assertThat(List.of(here.closeCode(), there.closeCode())).containsOnly(4401);
                assertThat(strange.ask("ping").path("type").asString()).isEqualTo("pong");
            }
            assertThat(phone.status("/api/conversations")).isEqualTo(401);
            assertThat(phone.user().path("guest").asBoolean()).isTrue();
            signIn(phone, subject);
            assertThat(phone.userId()).isEqualTo(user);
            assertThat(phone.status("/api/conversations")).isEqualTo(200);
            assertThat(stranger.status("/api/conversations")).isEqualTo(200);
        }
    }

    @Test
    void signingOutEndsOneSessionAlone() {
        Visitor phone = new Visitor(service);
        signIn(visitor, subject);
        signIn(phone, subject);

        visitor.call("DELETE", "/api/session?everywhere=false", null);

        assertThat(visitor.status("/api/conversations")).isEqualTo(401);
        assertThat(phone.status("/api/conversations")).isEqualTo(200);
        assertThat(phone.call("DELETE", "/api/session?everywhere=perhaps", null).status())
                .isEqualTo(400);
    }

    @Test
    void anAccountThatAnOlderStoreDoesNotKnowComesBackWithItsSession() {
        signIn(visitor, subject);
        String user = visitor.userId();
        forgetAccountOf(user);

        assertThat(visitor.userId()).isEqualTo(user);

        Visitor phone = new Visitor(service);
        signIn(phone, subject);
        assertThat(phone.userId()).isEqualTo(user);

        forgetAccountOf(user);
        signIn(visitor, subject);
        assertThat(visitor.userId()).isEqualTo(user);
    }

    private static void forgetAccountOf(String user) {
        RedisServer server = RedisServer.get();
        try (RedisClient client = RedisClient.create(RedisURI.create(server.host(), server.port()))) {
            var redis = client.connect().sync();
            redis.keys("{s*}:account:*").stream()
                    .filter(key -> redis.get(key).equals(user))
                    .forEach(redis::del);
            redis.keys("{s*}:u:" + user + ":account").forEach(redis::del);
            redis.keys("{s*}:u:" + user + ":epoch").forEach(redis::del);
        }
    }

    @Test
    void guestsCanBeLeftOut() {
        visitor.session();
        String guest = visitor.userId();
        try (Service closed =
                Service.start(provider.settings("parley.session.guests=false", "parley.session.secret=" + SECRET))) {
            Answer nobody = new Visitor(closed).call("POST", "/api/session", null);
            assertThat(nobody.status()).isEqualTo(401);
            assertThat(nobody.json().path("code").asString()).isEqualTo("unauthorized");
            assertThat(nobody.json().path("signIn").asBoolean()).isTrue();
            assertThat(nobody.header("Set-Cookie")).isEmpty();
            visitor.at(closed);
            assertThat(visitor.status("/api/conversations")).isEqualTo(401);
            assertThat(visitor.call("POST", "/api/session", null).status()).isEqualTo(401);

            // What the guest had is his when he signs in, all the same.
            signIn(visitor, subject);
            assertThat(visitor.userId()).isEqualTo(guest);
            visitor.call("DELETE", "/api/session", null);
            assertThat(visitor.call("POST", "/api/session", null).status()).isEqualTo(401);
        }
        assertThatThrownBy(() -> Service.start("parley.session.guests=false"))
                .rootCause()
                .hasMessageStartingWith("OIDC_ISSUER is missing");
    }

    private static void signIn(Visitor visitor, String subject) {
        assertThat(visitor.comeBack(provider.signsIn(visitor.beginSignIn(), subject)))
                .isEqualTo("303 /");
    }
}
