package chat.parley.management;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Lets only the operator use the management port. How a service is, anyone who reaches the port may ask. */
final class OperatorFilter extends HttpFilter {
    /** What containers, load balancers and orchestrators ask all the time, and which says no more than up or down. */
    private static final String HEALTH = "/actuator/health";

    private final transient OperatorProperties operator;

    OperatorFilter(OperatorProperties operator) {
        this.operator = operator;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // Decoded and without "..", as what stands behind it is found.
        String path = request.getServletPath();
        if (path.equals(HEALTH)
                || path.startsWith(HEALTH + "/")
                || operator.admit(request.getHeader("Authorization"))) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        response.setHeader("WWW-Authenticate", "Basic realm=\"Parley's management\", charset=\"UTF-8\"");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter()
                .write("This needs the name " + OperatorProperties.NAME + " and the password MANAGEMENT_PASSWORD.\n");
    }
}
