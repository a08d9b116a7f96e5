package chat.parley.standalone;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives every response the headers that nginx gives it elsewhere ({@code nginx/nginx.conf.template}). */
final class PageHeadersFilter extends OncePerRequestFilter {
    /** The host is what the client says: only something that is a host and no more is repeated. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+(:[0-9]+)?");

    /**
     * Draws what a model wrote, with a library that needs more than the page may: alone, in a frame of the page, with
     * nothing in reach. It is the only address that may be in a frame at all.
     */
    private static final String FRAME = "/diagram.html";

    private static final String FRAME_POLICY = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline';"
            + " img-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts;"
            + " require-trusted-types-for 'script'; trusted-types default dompurify";

    /** The sandbox takes the frame's origin away, so to its own script it is a stranger. */
    private static final String FRAME_SCRIPT = "/assets/diagram-";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = request.getRequestURI();
        boolean isFrame = path.equals(FRAME);
        response.setHeader(
                "Content-Security-Policy", isFrame ? FRAME_POLICY : contentSecurityPolicy(request.getHeader("Host")));
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", isFrame ? "SAMEORIGIN" : "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader(
                "Permissions-Policy",
                "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(),"
                        + " microphone=(), midi=(), payment=(), usb=()");
        response.setHeader(
                "Cross-Origin-Resource-Policy", path.startsWith(FRAME_SCRIPT) ? "cross-origin" : "same-origin");
        if (path.startsWith("/api/")) {
            response.setHeader("Cache-Control", "no-store");
        }
        chain.doFilter(request, response);
    }

    /** Safari before 15.4 does not take 'self' to include the page's own WebSocket, so that is named. */
    private static String contentSecurityPolicy(@Nullable String host) {
        String sockets = host != null && HOST.matcher(host).matches() ? " ws://" + host + " wss://" + host : "";
        return "default-src 'self'; img-src 'self' data:; connect-src 'self'" + sockets
                + "; style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self';"
                + " require-trusted-types-for 'script'; trusted-types service-worker";
    }
}
