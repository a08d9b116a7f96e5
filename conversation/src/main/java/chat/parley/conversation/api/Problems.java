package chat.parley.conversation.api;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.session.SignInRequiredException;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns every failure of an HTTP call into problem details (RFC 9457) with {@code code} and {@code retryable}. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(RefusedException refused, HttpServletResponse response) {
        if (response.isCommitted()) {
            // A download has begun: the container breaks it off, so that it is not taken for whole.
            throw refused;
        }
        HttpHeaders headers = new HttpHeaders();
        refused.retryAfter().ifPresent(wait -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds(wait))));
        ErrorCode code = refused.code();
        ProblemDetail problem = problem(HttpStatusCode.valueOf(code.httpStatus()), code, refused.getMessage());
        refused.reason().ifPresent(reason -> problem.setProperty("cause", reason));
        return answer(problem, headers);
    }

    /** The page shows how to sign in. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(SignInRequiredException required) {
        ProblemDetail problem = problem(HttpStatus.UNAUTHORIZED, ErrorCode.UNAUTHORIZED, required.getMessage());
        problem.setProperty("signIn", true);
        return answer(problem, new HttpHeaders());
    }

    /** A parameter that is no text, as {@code ?q=%zz}. It is not logged, since it quotes what a person looked for. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(InvalidParameterException unreadable) {
        return answer(of(HttpStatus.BAD_REQUEST), new HttpHeaders());
    }

    /** @throws Exception the same where a download has begun */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(Exception unexpected, HttpServletResponse response) throws Exception {
        if (DisconnectedClientHelper.isClientDisconnectedException(unexpected)) {
            log.debug("Whoever made an HTTP call is gone", unexpected);
        } else {
            log.error("An HTTP call failed", unexpected);
        }
        if (response.isCommitted()) {
            throw unexpected;
        }
        return answer(of(HttpStatus.INTERNAL_SERVER_ERROR), new HttpHeaders());
    }

    /** What the framework refuses: its words may tell of classes, so ours take their place. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(of(status), all, status);
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem, HttpHeaders headers) {
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(problem, headers, problem.getStatus());
    }

    /** The problem that a bare status stands for. */
    static ProblemDetail of(HttpStatusCode status) {
        return switch (status.value()) {
            case 401 -> problem(status, ErrorCode.UNAUTHORIZED, "There is no session.");
            case 403 -> problem(status, ErrorCode.FORBIDDEN, "This may not be done.");
            case 404 -> problem(status, ErrorCode.NOT_FOUND, "There is nothing here.");
            case 405 -> problem(status, ErrorCode.BAD_REQUEST, "This can't be done here with that method.");
            case 406 -> problem(status, ErrorCode.BAD_REQUEST, "This call answers with JSON.");
            case 408 -> problem(status, ErrorCode.UNAVAILABLE, "What you send came too slowly; please send it again.");
            case 413 -> problem(status, ErrorCode.TOO_LARGE, "That is more than this call takes.");
            case 415 -> problem(status, ErrorCode.BAD_REQUEST, "This call takes application/json.");
            case 503 -> problem(status, ErrorCode.UNAVAILABLE, "This is not to be had just now; please try again.");
            default ->
                status.is4xxClientError()
                        ? problem(status, ErrorCode.BAD_REQUEST, "This request could not be understood.")
                        : problem(status, ErrorCode.INTERNAL, "Something went wrong on our side.");
        };
    }

    static ProblemDetail problem(HttpStatusCode status, ErrorCode code, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setProperty("code", code.json());
        problem.setProperty("retryable", code.retryable());
        return problem;
    }

    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }
}
