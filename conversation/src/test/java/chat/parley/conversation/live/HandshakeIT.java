package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.RawSocket;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @Test
    void opensForOurOwnPage() throws IOException {
        try (RawSocket socket = open("Origin: http://127.0.0.1:" + service.port(), session())) {
            assertThat(socket.status()).isEqualTo(101);
            assertThat(socket.frame().path("type").asString()).isEqualTo("welcome");
        }
    }

    @Test
    void opensForAnAllowedPage() throws IOException {
        try (Service open = Service.start("parley.session.allowed-origins=https://app.example.com");
                RawSocket socket = new RawSocket(
                        open,
                        "Origin: https://app.example.com",
                        "Cookie: " + Browser.guest(open).cookie())) {
            assertThat(socket.status()).isEqualTo(101);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1.evil"})
    void isForbiddenForOtherPagesWithOrWithoutASession(String origin) throws IOException {
        try (RawSocket with = open("Origin: " + origin, session());
                RawSocket without = open("Origin: " + origin)) {
            assertThat(with.status()).isEqualTo(403);
            assertThat(without.status()).isEqualTo(403);
            assertThat(with.handshake()).contains("application/problem+json");
        }
    }

    @Test
    void needsAValidSession() throws IOException {
        try (RawSocket none = open();
                RawSocket forged = open(session().replaceAll(".$", "!"))) {
            assertThat(none.status()).isEqualTo(401);
            assertThat(forged.status()).isEqualTo(401);
        }
    }

    @Test
    void speaksItsProtocolAlsoToWhoNamesNone() throws IOException {
        try (RawSocket named = open(session(), "Sec-WebSocket-Protocol: other, parley.v1");
                RawSocket none = open(session());
                RawSocket others = open(session(), "Sec-WebSocket-Protocol: other, parley.v2")) {
            assertThat(named.handshake()).containsIgnoringCase("Sec-WebSocket-Protocol: parley.v1");
            assertThat(none.status()).isEqualTo(101);
            assertThat(none.handshake()).doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
            assertThat(none.frame().path("protocol").asString()).isEqualTo("parley.v1");
            assertThat(others.status()).isEqualTo(400);
        }
    }

    @Test
    void doesNotCompress() throws IOException {
        try (RawSocket socket = open(session(), "Sec-WebSocket-Extensions: permessage-deflate")) {
            assertThat(socket.status()).isEqualTo(101);
            assertThat(socket.handshake()).doesNotContainIgnoringCase("permessage-deflate");
        }
    }

    @Test
    void isNoPlaceForAPlainCall() {
        assertThat(browser.get("/ws").status()).isEqualTo(400);
        assertThat(browser.get("/ws").json().path("code").asString()).isEqualTo("bad_request");
    }

    @Test
    void boundsTheSocketsOfOneUser() throws IOException {
        try (Service strict = Service.start("parley.live.sockets-per-user=1")) {
            Browser one = Browser.guest(strict);
            Browser other = Browser.guest(strict);
            try (Tab first = one.open();
                    RawSocket second = new RawSocket(strict, "Cookie: " + one.cookie());
                    Tab others = other.open()) {
                assertThat(second.status()).isEqualTo(429);
                assertThat(first.isOpen()).isTrue();
                assertThat(others.isOpen()).isTrue();
            }
        }
    }

    private String session() {
        return "Cookie: " + browser.cookie();
    }

    private RawSocket open(String... headers) throws IOException {
        return new RawSocket(service, headers);
    }
}
