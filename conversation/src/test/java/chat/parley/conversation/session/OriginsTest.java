package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class OriginsTest {
    private final Origins origins = new Origins(new SessionProperties(
            null, Duration.ofDays(1), Duration.ofDays(1), List.of(), List.of("https://App.Example.com/"), true));

    @ParameterizedTest
    @CsvSource({
        "chat.example.com, https://chat.example.com",
        "chat.example.com, http://chat.example.com",
        "chat.example.com:81, http://chat.example.com:81",
        "Chat.Example.com, https://chat.example.COM",
        "chat.example.com:443, https://chat.example.com",
        "chat.example.com, http://chat.example.com:80",
        "127.0.0.1:8080, http://127.0.0.1:8080",
        "[::1]:8080, http://[::1]:8080",
        "chat.example.com, https://app.example.com"
    })
    void takesOurOwnPagesAndAllowedOnes(String host, String origin) {
        assertThatCode(() -> origins.check(request(host, origin))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "chat.example.com, null",
        "chat.example.com, https://evil.example",
        "chat.example.com, https://chat.example.com.evil",
        "chat.example.com, https://evil-chat.example.com",
        "chat.example.com, https://chat.example.com:8443",
        "chat.example.com:81, http://chat.example.com",
        "chat.example.com, https://chat.example.com@evil.example",
        "chat.example.com, https://evil.example/chat.example.com",
        "chat.example.com, https://evil.example#chat.example.com",
        "chat.example.com, ftp://chat.example.com",
        "chat.example.com, file://chat.example.com",
        "chat.example.com, chat.example.com",
        "chat.example.com, https://",
        "chat.example.com, http://app.example.com",
        "chat.example.com, https://app.example.com.evil",
        "chat.example.com, https://app.example.com:444"
    })
    void refusesAllOthers(String host, String origin) {
        assertThat(refusal(request(host, origin)).code()).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void refusesAnEmptyOriginAndSeveral() {
        MockHttpServletRequest several = request("chat.example.com", "https://chat.example.com");
        several.addHeader("Origin", "https://chat.example.com");

        assertThat(refusal(request("chat.example.com", "")).code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal(several).code()).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void leavesWhatComesFromNoPageToItsSession() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Host", "chat.example.com");

        assertThatCode(() -> origins.check(request)).doesNotThrowAnyException();
        assertThatCode(() -> origins.checkChange(request)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"same-origin, true", "none, true", "same-site, false", "cross-site, false", "nonsense, false"})
    void believesTheBrowserWhereAChangeComesFrom(String site, boolean taken) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Host", "chat.example.com");
        request.addHeader("Sec-Fetch-Site", site);

        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> origins.checkChange(request));

        assertThat(refused == null).isEqualTo(taken);
    }

    private RefusedException refusal(MockHttpServletRequest request) {
        return catchThrowableOfType(RefusedException.class, () -> origins.check(request));
    }

    private static MockHttpServletRequest request(String host, String origin) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Host", host);
        request.addHeader("Origin", origin);
        return request;
    }
}
