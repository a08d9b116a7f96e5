package chat.parley.conversation.session;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Keeps other sites' pages from acting in a user's name. A page is ours if its origin is the host that it asks, or one
 * that whoever runs this allows. The scheme of our own host is not compared: TLS may end at a proxy.
 */
@Component
public class Origins {
    private final Set<String> allowed;

    Origins(SessionProperties properties) {
        allowed = properties.allowedOrigins().stream()
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .map(origin -> origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Checks a request that opens a socket. One without an origin does not come from a page.
     *
     * @throws RefusedException FORBIDDEN if the page is not ours
     */
    public void check(HttpServletRequest request) {
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        if (!origins.isEmpty() && !(origins.size() == 1 && isOurs(origins.getFirst(), request))) {
            throw forbidden();
        }
    }

    /**
     * Checks a request that changes something.
     *
     * @throws RefusedException FORBIDDEN if it comes from a page that is not ours
     */
    void checkChange(HttpServletRequest request) {
        check(request);
        String site = request.getHeader("Sec-Fetch-Site");
        boolean hasOrigin = request.getHeader("Origin") != null;
        // With an origin it has just been judged; without one the browser's own word counts.
        if (site != null && !hasOrigin && !site.equals("same-origin") && !site.equals("none")) {
            throw forbidden();
        }
    }

    private boolean isOurs(String origin, HttpServletRequest request) {
        String wanted = origin.toLowerCase(Locale.ROOT);
        if (allowed.contains(wanted)) {
            return true;
        }
        String host = request.getHeader("Host");
        return host != null && authority(wanted).equals(withoutDefaultPort(host.toLowerCase(Locale.ROOT)));
    }

    /** The host and port of an origin; empty if it is none. */
    private static String authority(String origin) {
        try {
            URI uri = new URI(origin);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawPath() != null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            return web && bare && uri.getHost() != null ? withoutDefaultPort(uri.getRawAuthority()) : "";
        } catch (URISyntaxException e) {
            return "";
        }
    }

    private static String withoutDefaultPort(String authority) {
        return authority.endsWith(":80") || authority.endsWith(":443")
                ? authority.substring(0, authority.lastIndexOf(':'))
                : authority;
    }

    private static RefusedException forbidden() {
        return new RefusedException(ErrorCode.FORBIDDEN, "This page may not use this server.");
    }
}
