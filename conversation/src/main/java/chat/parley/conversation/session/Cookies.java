package chat.parley.conversation.session;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;

/** Our cookies: for no script, for no call that another site makes, and over TLS for this very host alone. */
@Component
final class Cookies {
    /** Over TLS: such a name is taken by browsers only with Secure, for the whole site, from this very host. */
    static final String SECURE_PREFIX = "__Host-";

    private final TrustedProxies proxies;

    Cookies(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    /** The value of a cookie, over TLS also of one that was set before there was TLS. */
    Optional<String> find(HttpServletRequest request, String name) {
        return value(request, SECURE_PREFIX + name).or(() -> value(request, name));
    }

    /** The value of a cookie that was set by a request like this one: over TLS no other host can have set it. */
    Optional<String> findOwn(HttpServletRequest request, String name) {
        return value(request, named(request, name));
    }

    void set(HttpServletRequest request, HttpServletResponse response, String name, String value, Duration age) {
        ResponseCookie cookie = ResponseCookie.from(named(request, name), value)
                .httpOnly(true)
                .sameSite("Lax")
                .secure(proxies.isSecure(request))
                .path("/")
                .maxAge(age)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    void remove(HttpServletRequest request, HttpServletResponse response, String name) {
        set(request, response, name, "", Duration.ZERO);
    }

    private String named(HttpServletRequest request, String name) {
        return proxies.isSecure(request) ? SECURE_PREFIX + name : name;
    }

    private static Optional<String> value(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(name) && !cookie.getValue().isEmpty()) {
                return Optional.of(cookie.getValue());
            }
        }
        return Optional.empty();
    }
}
