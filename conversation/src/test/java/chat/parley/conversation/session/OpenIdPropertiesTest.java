package chat.parley.conversation.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.conversation.session.OpenIdProperties.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class OpenIdPropertiesTest {
    @Test
    void hasTheseDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new OpenIdProperties(
                        "",
                        "",
                        new Secret(""),
                        "openid profile",
                        "/",
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5),
                        DataSize.ofKilobytes(256),
                        Duration.ofMinutes(10)));
        assertThat(bind(Map.of()).isSet()).isFalse();
    }

    @Test
    void isSetByTheseNames() {
        OpenIdProperties set = bind(Map.of(
                "parley.session.provider.issuer", "https://login.example.com/realms/one",
                "parley.session.provider.client-id", "parley",
                "parley.session.provider.client-secret", "the-secret",
                "parley.session.provider.scopes", "openid email",
                "parley.session.provider.page-path", "/chat/",
                "parley.session.provider.sign-in-time", "5m",
                "parley.session.provider.timeout", "2s",
                "parley.session.provider.answer-size", "64KB",
                "parley.session.provider.keep", "1m"));

        assertThat(set)
                .isEqualTo(new OpenIdProperties(
                        "https://login.example.com/realms/one",
                        "parley",
                        new Secret("the-secret"),
                        "openid email",
                        "/chat/",
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(2),
                        DataSize.ofKilobytes(64),
                        Duration.ofMinutes(1)));
        assertThat(set.isSet()).isTrue();
        assertThat(set.scopeList()).containsExactly("openid", "email");
        assertThat(set.toString()).doesNotContain("the-secret");
    }

    @Test
    void takesAnEmptySettingForNone() {
        assertThat(bind(Map.of(
                        "parley.session.provider.issuer", " ",
                        "parley.session.provider.client-id", "",
                        "parley.session.provider.client-secret", "",
                        "parley.session.provider.scopes", "",
                        "parley.session.provider.page-path", "")))
                .isEqualTo(bind(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/chat/", "/tools/chat-2/"})
    void takesAPathOfThePage(String path) {
        assertThat(bind(Map.of("parley.session.provider.page-path", path)).pagePath())
                .isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat",
                "/chat",
                "chat/",
                "//evil.example/",
                "/a//b/",
                "https://evil.example/",
                "/a?b/",
                "/a\r\nb/"
            })
    void leadsPeopleToNoOtherHost(String path) {
        assertThatThrownBy(() -> bind(Map.of("parley.session.provider.page-path", path)))
                .rootCause()
                .hasMessageStartingWith("PAGE_PATH is ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://login.example.com",
                "https://login.example.com/",
                "http://localhost:9070",
                "http://127.0.0.1:9070",
                "http://127.8.8.8",
                "http://[::1]:9070/realms/one"
            })
    void takesAProviderWhoseWordsNobodyReads(String issuer) {
        assertThat(withIssuer(issuer).isSet()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://login.example.com",
                "http://localhost.example.com",
                "http://127.0.0.1.example.com",
                "http://10.0.0.1",
                "https://login.example.com?x=y",
                "https://login.example.com#x",
                "https://ada:secret@login.example.com",
                "ftp://localhost",
                "login.example.com",
                "https://",
                "no address"
            })
    void refusesAProviderWhoseWordsOthersRead(String issuer) {
        assertThatThrownBy(() -> withIssuer(issuer)).rootCause().hasMessageStartingWith("OIDC_ISSUER is " + issuer);
    }

    @Test
    void refusesToBeHalfSet() {
        assertThatThrownBy(() -> bind(Map.of("parley.session.provider.issuer", "https://login.example.com")))
                .rootCause()
                .hasMessageStartingWith("OIDC_CLIENT_ID is missing");
        assertThatThrownBy(() -> bind(Map.of("parley.session.provider.scopes", "profile")))
                .rootCause()
                .hasMessageStartingWith("OIDC_SCOPES has no openid");
    }

    private static OpenIdProperties withIssuer(String issuer) {
        return bind(Map.of("parley.session.provider.issuer", issuer, "parley.session.provider.client-id", "parley"));
    }

    private static OpenIdProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("parley.session.provider", OpenIdProperties.class);
    }
}
