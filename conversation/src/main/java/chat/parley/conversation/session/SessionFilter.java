package chat.parley.conversation.session;

import chat.parley.conversation.history.RefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Stands before every call under {@code /api}: no changes from other sites' pages, and nothing without a session. */
final class SessionFilter extends OncePerRequestFilter {
    /** Where the session of a request is found. */
    static final String SESSION = Session.class.getName();

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    /** An archive is taken by the call that imports it; the others refuse it themselves. */
    private static final List<MediaType> TAKEN =
            List.of(MediaType.APPLICATION_JSON, MediaType.parseMediaType("application/zip"));

    private static final String OWN_PATH = "/api/session";
    /** What people share by links. */
    private static final String SHARED = "/api/shared/";

    private final Sessions sessions;
    private final Origins origins;
    private final HandlerExceptionResolver errors;

    SessionFilter(Sessions sessions, Origins origins, HandlerExceptionResolver errors) {
        this.sessions = sessions;
        this.origins = origins;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            admit(request, response);
        } catch (RefusedException | HttpMediaTypeNotSupportedException e) {
            errors.resolveException(request, response, null, e);
            return;
        }
        chain.doFilter(request, response);
    }

    private void admit(HttpServletRequest request, HttpServletResponse response)
            throws HttpMediaTypeNotSupportedException {
        if (!READING.contains(request.getMethod())) {
            origins.checkChange(request);
            checkContentType(request);
        }
        if (isForAnyone(request)) {
            return;
        }
        Session session = sessions.require(request);
        request.setAttribute(SESSION, session);
        sessions.renewIfOld(session, request, response);
    }

    /** Whoever has no session may ask for one, sign in, and read what was shared. */
    private static boolean isForAnyone(HttpServletRequest request) {
        String path = request.getServletPath();
        return switch (request.getMethod()) {
            case "POST" -> path.equals(OWN_PATH) || path.equals(SignInController.PATH);
            case "GET" -> path.equals(SignInController.CALLBACK) || path.startsWith(SHARED);
            case "HEAD" -> path.startsWith(SHARED);
            default -> false;
        };
    }

    /** A form of another site can send a body too, but never one of these types. */
    private static void checkContentType(HttpServletRequest request) throws HttpMediaTypeNotSupportedException {
        boolean hasBody = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        if (hasBody && !isTaken(request.getContentType())) {
            throw new HttpMediaTypeNotSupportedException((String) null, TAKEN);
        }
    }

    private static boolean isTaken(@Nullable String contentType) {
        try {
            return contentType != null && MediaType.parseMediaType(contentType).isPresentIn(TAKEN);
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
