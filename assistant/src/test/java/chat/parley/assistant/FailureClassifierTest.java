package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.FailureCode;
import com.openai.core.http.Headers;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.SseException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.ErrorObject;
import java.net.ConnectException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureClassifierTest {
    private final FailureClassifier classifier = new FailureClassifier(Clock.systemUTC());

    @ParameterizedTest
    @CsvSource({
        "400, , , REQUEST_REJECTED",
        "400, context_length_exceeded, , CONTEXT_TOO_LONG",
        "400, , The prompt exceeds the model's context window, CONTEXT_TOO_LONG",
        "400, content_policy_violation, , CONTENT_FILTERED",
        "401, invalid_api_key, , KEY_REFUSED",
        "402, , , QUOTA_EXHAUSTED",
        "403, , , KEY_REFUSED",
        "404, model_not_found, , MODEL_UNKNOWN",
        "408, , , UNREACHABLE",
        "409, , , REQUEST_REJECTED",
        "413, , , CONTEXT_TOO_LONG",
        "422, , , REQUEST_REJECTED",
        "429, rate_limit_exceeded, , RATE_LIMITED",
        "429, insufficient_quota, , QUOTA_EXHAUSTED",
        "307, , , REQUEST_REJECTED",
        "500, , , UNREACHABLE",
        "503, , , UNREACHABLE",
        "529, overloaded_error, , UNREACHABLE",
    })
    void classifiesAStatus(int status, String code, String message, FailureCode expected) {
        var thrown = UnexpectedStatusCodeException.builder()
                .statusCode(status)
                .headers(Headers.builder().build())
                .error(error(code, message))
                .build();

        assertThat(classifier.classify(new CompletionException(thrown), false).code())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        ", BROKEN_OFF",
        "server_error, BROKEN_OFF",
        "rate_limit_exceeded, RATE_LIMITED",
        "insufficient_quota, QUOTA_EXHAUSTED",
        "context_length_exceeded, CONTEXT_TOO_LONG",
        "content_filter, CONTENT_FILTERED",
    })
    void classifiesAnErrorWithinTheStream(String code, FailureCode expected) {
        var thrown = SseException.builder()
                .statusCode(200)
                .headers(Headers.builder().build())
                .error(error(code, null))
                .build();

        assertThat(classifier.classify(thrown, true).code()).isEqualTo(expected);
    }

    @Test
    void passesOnHowLongToWait() {
        var thrown = UnexpectedStatusCodeException.builder()
                .statusCode(429)
                .headers(Headers.builder().put("Retry-After", "7").build())
                .error(error(null, null))
                .build();

        assertThat(classifier.classify(thrown, false))
                .isEqualTo(new Failure(FailureCode.RATE_LIMITED, Duration.ofSeconds(7), "status 429"));
    }

    @Test
    void tellsAProviderThatIsNotThereFromOneThatBrokeOff() {
        var thrown = new OpenAIIoException("Request failed", new ConnectException("refused"));

        assertThat(classifier.classify(thrown, false))
                .isEqualTo(new Failure(FailureCode.UNREACHABLE, "ConnectException"));
        assertThat(classifier.classify(thrown, true).code()).isEqualTo(FailureCode.BROKEN_OFF);
    }

    @Test
    void takesAnswersThatCannotBeReadForBrokenOff() {
        assertThat(classifier
                        .classify(new OpenAIInvalidDataException("no"), false)
                        .code())
                .isEqualTo(FailureCode.BROKEN_OFF);
        assertThat(classifier.classify(new IllegalStateException("no"), true).code())
                .isEqualTo(FailureCode.BROKEN_OFF);
        assertThat(classifier.classify(new IllegalStateException("no"), false).code())
                .isEqualTo(FailureCode.INTERNAL);
    }

    @ParameterizedTest
    @CsvSource({
        "invalid_api_key, status 401 invalid_api_key",
        "DeploymentNotFound, status 401 DeploymentNotFound",
        "1113, status 401 1113",
        "invalid key <b>, status 401",
        "sk-12345, status 401",
        "models.example, status 401",
        "sk12345, status 401",
    })
    void keepsTheProvidersWordsToItself(String code, String detail) {
        var thrown = UnexpectedStatusCodeException.builder()
                .statusCode(401)
                .headers(Headers.builder().build())
                .error(error(code, "Incorrect API key provided: sk-12345"))
                .build();

        assertThat(classifier.classify(thrown, false).detail()).isEqualTo(detail);
    }

    private static ErrorObject error(String code, String message) {
        return ErrorObject.builder()
                .code(code)
                .message(message == null ? "no message" : message)
                .param("param")
                .type("")
                .build();
    }
}
