package chat.parley.conversation.api;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Refuses paths with parameters ({@code ;a=b}). No call has any, the container leaves them unread, and who reads them
 * later, to write the answer, may find what can't be read.
 */
final class PlainPathValve extends ValveBase {
    PlainPathValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        // Absent where the request could not be read as far as that.
        @Nullable String path = request.getRequestURI();
        if (path != null && path.indexOf(';') >= 0) {
            response.sendError(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        getNext().invoke(request, response);
    }
}
