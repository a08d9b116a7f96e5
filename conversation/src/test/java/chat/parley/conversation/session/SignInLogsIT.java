package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Service;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** All that is secret at a sign-in, or in other people's words, has one word in it, which the log never has. */
@ExtendWith(OutputCaptureExtension.class)
class SignInLogsIT {
    @Test
    void haveNoSecretNoCodeAndNoToken(CapturedOutput output) throws IOException {
        List<String> secrets = signInAndFail();

        assertThat(output)
                .contains("A sign-in failed: refused", "A sign-in failed: wrong_token")
                .contains("A sign-in failed: wrong_state", "A sign-in failed: code_refused")
                .contains("A sign-in failed: not_begun", "Nobody can sign in: wrong_metadata");
        assertThat(output.toString().toLowerCase(Locale.ROOT)).doesNotContain("planted");
        assertThat(output).doesNotContain(secrets);
    }

    /** What goes right and wrong at a service. @return what is secret and made at random */
    private static List<String> signInAndFail() throws IOException {
        try (HandMadeProvider provider = new HandMadeProvider();
                Service service = Service.start(provider.settings(
                        "parley.session.secret=a-secret-that-is-planted",
                        "parley.session.provider.client-secret=planted"))) {
            Visitor visitor = new Visitor(service);
            URI right = provider.signsIn(visitor.beginSignIn(), "Planted");
            String cookie = visitor.cookies().get(SignInCookie.NAME);
            assertThat(visitor.comeBack(right)).isEqualTo("303 /");
            visitor.comeBack(URI.create(right + "&planted=x"));
            visitor.comeBack(HandMadeProvider.back(visitor.beginSignIn(), "error=planted&error_description=planted"));
            visitor.comeBack(HandMadeProvider.back(visitor.beginSignIn(), "code=planted"));
            visitor.comeBack(provider.gives(visitor.beginSignIn(), "planted.token.x"));
            URI page = visitor.beginSignIn();
            visitor.comeBack(provider.gives(
                    page, HandMadeProvider.sign(provider.claims(page, "planted").audience("planted"))));
            visitor.beginSignIn();
            visitor.call("GET", "/api/session/sign-in/callback?code=planted&state=planted", null);
            visitor.beginSignIn();
            visitor.rawGet("/api/session/sign-in/callback?code=planted%zz&state=planted");
            visitor.call("POST", "/api/session/sign-in", "{\"returnTo\":\"planted\"}");
            visitor.call("POST", "/api/session/sign-in", "{\"returnTo\":planted}");
            for (String metadata : List.of("planted", "{\"planted\":", "{\"issuer\":\"planted\"}")) {
                provider.says(metadata);
                visitor.call("POST", "/api/session/sign-in", null);
            }
            return List.of(
                    HandMadeProvider.parameter(right, "code"),
                    HandMadeProvider.parameter(right, "state"),
                    cookie.substring(cookie.lastIndexOf('.')),
                    visitor.cookies().get("parley-session"));
        }
    }
}
