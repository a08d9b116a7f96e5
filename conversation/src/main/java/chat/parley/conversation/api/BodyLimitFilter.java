package chat.parley.conversation.api;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Refuses bodies that are longer than any call needs, also those that don't say how long they are. */
final class BodyLimitFilter extends OncePerRequestFilter {
    private static final String IMPORT = "/api/conversations/import";

    private final ApiProperties properties;
    private final HandlerExceptionResolver errors;

    BodyLimitFilter(ApiProperties properties, HandlerExceptionResolver errors) {
        this.properties = properties;
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // "import" may be a conversation's id, too: only what brings a file may be as long as one.
        boolean isFile =
                request.getMethod().equals("POST") && request.getServletPath().equals(IMPORT);
        long limit = (isFile ? properties.importSize() : properties.bodySize()).toBytes();
        if (request.getContentLengthLong() > limit) {
            errors.resolveException(request, response, null, tooLarge());
            return;
        }
        boolean unknown = request.getHeader("Transfer-Encoding") != null;
        chain.doFilter(unknown ? new Limited(request, limit) : request, response);
    }

    private static RefusedException tooLarge() {
        return new RefusedException(ErrorCode.TOO_LARGE, "That is more than this call takes.");
    }

    private static final class Limited extends HttpServletRequestWrapper {
        private final long limit;

        Limited(HttpServletRequest request, long limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new Counting(super.getInputStream(), limit);
        }
    }

    private static final class Counting extends ServletInputStream {
        private final ServletInputStream body;
        private final long limit;
        private long count;

        Counting(ServletInputStream body, long limit) {
            this.body = body;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int one = body.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = body.read(into, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int bytes) {
            count += bytes;
            if (count > limit) {
                throw tooLarge();
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
