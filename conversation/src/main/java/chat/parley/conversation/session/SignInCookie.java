package chat.parley.conversation.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps a sign-in under way in the browser, so that no replica has to. */
@Component
final class SignInCookie {
    static final String NAME = "parley-sign-in";

    private static final String KIND = "sign-in.";

    private final Cookies cookies;
    private final SessionSecret secret;
    private final JsonMapper json;

    SignInCookie(Cookies cookies, SessionSecret secret, JsonMapper json) {
        this.cookies = cookies;
        this.secret = secret;
        this.json = json;
    }

    void set(HttpServletRequest request, HttpServletResponse response, SignIn signIn, Duration age) {
        String claim = KIND + Base64.getUrlEncoder().withoutPadding().encodeToString(json.writeValueAsBytes(signIn));
        cookies.set(request, response, NAME, secret.tokens().seal().close(claim), age);
    }

    /**
     * Takes the sign-in that was begun in this browser, which can be done once; empty if there is none, or it is over.
     */
    Optional<SignIn> take(HttpServletRequest request, HttpServletResponse response) {
        Optional<String> cookie = cookies.findOwn(request, NAME);
        if (cookie.isEmpty()) {
            return Optional.empty();
        }
        cookies.remove(request, response, NAME);
        return cookie.flatMap(secret.tokens().seal()::open)
                .filter(claim -> claim.startsWith(KIND))
                .map(claim ->
                        json.readValue(Base64.getUrlDecoder().decode(claim.substring(KIND.length())), SignIn.class))
                .filter(signIn -> signIn.expiresAt() > Instant.now().getEpochSecond());
    }
}
