package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class TrustedProxiesTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3, https, true",
        "10.1.2.3, 10.1.2.4, https, false",
        "10.1.0.0/16, 10.1.255.255, https, true",
        "10.1.0.0/16, 10.2.0.0, https, false",
        "10.1.2.128/25, 10.1.2.127, https, false",
        "10.1.2.128/25, 10.1.2.129, HTTPS, true",
        "0.0.0.0/0, 192.0.2.1, https, true",
        "0.0.0.0/0, ::1, https, false",
        "fd00::/8, fd12::1, https, true",
        "10.1.2.3, 10.1.2.3, http, false"
    })
    void believesOnlyWhoIsTrusted(String trusted, String peer, String proto, boolean secure) {
        assertThat(proxies(trusted).isSecure(request(peer, proto))).isEqualTo(secure);
    }

    @Test
    void believesTheNearestProxyOnly() {
        assertThat(proxies("10.1.2.3").isSecure(request("10.1.2.3", "https, http")))
                .isFalse();
        assertThat(proxies("10.1.2.3").isSecure(request("10.1.2.3", "http, https")))
                .isTrue();
    }

    @Test
    void believesNobodyByDefault() {
        assertThat(proxies().isSecure(request("127.0.0.1", "https"))).isFalse();
    }

    @Test
    void refusesWhatIsNoAddress() {
        assertThatThrownBy(() -> proxies("nginx")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> proxies("10.0.0.0/33")).isInstanceOf(IllegalArgumentException.class);
    }

    private static TrustedProxies proxies(String... trusted) {
        return new TrustedProxies(
                new SessionProperties(null, Duration.ofDays(1), Duration.ofDays(1), List.of(trusted), List.of(), true));
    }

    private static MockHttpServletRequest request(String peer, String proto) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(peer);
        request.addHeader("X-Forwarded-Proto", proto);
        return request;
    }
}
