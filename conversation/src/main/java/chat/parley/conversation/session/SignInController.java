package chat.parley.conversation.session;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.session.SignInFailedException.Reason;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.regex.Pattern;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Leads a browser to the provider, and takes it back. */
@RestController
class SignInController {
    static final String PATH = "/api/session/sign-in";
    static final String CALLBACK = PATH + "/callback";

    private static final Logger log = LoggerFactory.getLogger(SignInController.class);

    /** A place in the page, in the characters of a fragment: never another page or another site. */
    private static final Pattern PLACE = Pattern.compile("#/[A-Za-z0-9._~!$&'()*+,;=:@/?%-]{0,198}");

    private static final String FAILED = "#/sign-in-failed";

    private final OpenIdProperties properties;
    private final OpenIdProvider provider;
    private final SignInCookie cookie;
    private final Sessions sessions;
    private final TrustedProxies proxies;

    SignInController(
            OpenIdProperties properties,
            OpenIdProvider provider,
            SignInCookie cookie,
            Sessions sessions,
            TrustedProxies proxies) {
        this.properties = properties;
        this.provider = provider;
        this.cookie = cookie;
        this.sessions = sessions;
        this.proxies = proxies;
    }

    record Answer(URI location) {}

    @PostMapping(PATH)
    Answer begin(
            @RequestBody(required = false) @Nullable JsonNode body,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!provider.isThere()) {
            throw new RefusedException(ErrorCode.NOT_FOUND, "There is no provider to sign in with.");
        }
        SignIn signIn = new SignIn(
                new State().getValue(),
                new Nonce().getValue(),
                new CodeVerifier().getValue(),
                redirectUri(request),
                returnTo(body),
                Instant.now().plus(properties.signInTime()).getEpochSecond());
        try {
            URI location = provider.signInPage(signIn);
            cookie.set(request, response, signIn, properties.signInTime());
            return new Answer(location);
        } catch (SignInFailedException e) {
            log.warn("Nobody can sign in: {}", e.reason());
            throw new RefusedException(
                    ErrorCode.UNAVAILABLE, "The sign-in can't be reached just now; please try again.");
        }
    }

    /** Where the page is from, which was checked before; of a client that is no page, the host that it asks. */
    private String redirectUri(HttpServletRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String scheme = proxies.isSecure(request) ? "https://" : "http://";
        String page = origin == null ? scheme + request.getHeader(HttpHeaders.HOST) : origin;
        try {
            return URI.create(page + properties.pagePath() + CALLBACK.substring(1))
                    .toString();
        } catch (IllegalArgumentException e) {
            throw new RefusedException(ErrorCode.BAD_REQUEST, "This request does not say which host it is for.");
        }
    }

    private static String returnTo(@Nullable JsonNode body) {
        JsonNode place = body == null ? null : body.get("returnTo");
        if (place == null || place.isNull()) {
            return "";
        }
        if (!place.isString() || !PLACE.matcher(place.asString()).matches()) {
            throw new RefusedException(
                    ErrorCode.BAD_REQUEST, "returnTo is a place in the page: #/ and at most 198 characters more.");
        }
        return place.asString();
    }

    /** Answers with no page of its own, and with no word of what went wrong. */
    @GetMapping(CALLBACK)
    ResponseEntity<Void> end(HttpServletRequest request, HttpServletResponse response) {
        String place = FAILED;
        try {
            place = finish(request, response);
        } catch (SignInFailedException e) {
            log.info("A sign-in failed: {}", e.reason());
        } catch (InvalidParameterException e) {
            log.info("A sign-in failed: {}", Reason.WRONG_STATE);
        } catch (RefusedException e) {
            log.info("A sign-in failed: {}", Reason.UNAVAILABLE);
        }
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .header(HttpHeaders.LOCATION, properties.pagePath() + place)
                .build();
    }

    private String finish(HttpServletRequest request, HttpServletResponse response) throws SignInFailedException {
        SignIn signIn = cookie.take(request, response)
                .filter(taken -> provider.isThere())
                .orElseThrow(() -> new SignInFailedException(Reason.NOT_BEGUN));
        if (!isSame(signIn.state(), request.getParameter("state"))) {
            throw new SignInFailedException(Reason.WRONG_STATE);
        }
        provider.checkIssuer(request.getParameter("iss"));
        String code = request.getParameter("code");
        if (request.getParameter("error") != null || code == null || code.isBlank()) {
            throw new SignInFailedException(Reason.REFUSED);
        }
        sessions.signIn(provider.redeem(signIn, code), request, response);
        return signIn.returnTo();
    }

    private static boolean isSame(String expected, @Nullable String given) {
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
