package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.RawSocket;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the protocol page says of frames that can't be done. */
class RefusalsIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @ParameterizedTest
    @ValueSource(strings = {"no json", "[1,2]", "{\"type\":\"ping\"}", "{\"id\":{},\"type\":\"ping\"}"})
    void answersABrokenFrameWithoutAnId(String frame) {
        try (Tab tab = browser.open()) {
            tab.raw(frame);

            JsonNode refused = tab.take("error");
            assertThat(refused.path("code").asString()).isEqualTo("bad_frame");
            assertThat(refused.path("retryable").asBoolean()).isFalse();
            assertThat(refused.has("re")).isFalse();
            assertThat(tab.ask("ping").path("type").asString()).isEqualTo("pong");
        }
    }

    @Test
    void answersAnUnknownTypeAndAWrongMemberWithTheirId() {
        try (Tab tab = browser.open()) {
            assertCode(tab.ask("dance"), "bad_frame");
            assertCode(tab.ask("subscribe", "conversationId", 7), "bad_frame");
            assertCode(tab.ask("subscribe", "conversationId", "not an id"), "bad_frame");
            assertThat(tab.ask("ping").path("type").asString()).isEqualTo("pong");
        }
    }

    @Test
    void refusesAnEmptyMessageAndOneThatIsTooLong() {
        try (Tab tab = browser.open()) {
            assertCode(tab.say("c", "m", ""), "bad_request");
            assertCode(tab.say("c", "m", " \n "), "bad_request");
            assertCode(tab.say("c", "m", "x".repeat(16_001)), "too_large");
            assertThat(tab.say("c", "m", "€".repeat(16_000)).path("type").asString())
                    .isEqualTo("accepted");
        }
    }

    @Test
    void answersARepeatThatIsTooLongByNow() {
        try (Service strict = Service.start("parley.live.message-chars=4");
                Tab before = browser.open();
                Tab tab = browser.at(strict).open()) {
            JsonNode first = before.say("c", "m", "Hello");

            JsonNode repeat = tab.say("c", "m", "Hello");

            assertThat(repeat.path("type").asString()).isEqualTo("accepted");
            assertThat(repeat.path("seq")).isEqualTo(first.path("seq"));
            assertCode(tab.say("c", "m", "Hello!"), "conflict");
            assertCode(tab.say("c", "n", "Hello"), "too_large");
            assertThat(tab.ask("subscribe", "conversationId", "c").path("seq").asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void refusesWhatDoesNotFitToWhatIsThere() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m", "Hello");

            assertCode(tab.say("c", "m", "Something else"), "conflict");
            assertCode(
                    tab.ask("send", "conversationId", "c", "messageId", "n", "parentId", "m", "text", "To a question"),
                    "conflict");
            assertCode(
                    tab.ask("regenerate", "conversationId", "c", "messageId", "absent", "replyId", "r"), "not_found");
            new Worker(service, browser, "c", "m-reply").starts().says("Hi").completes();
            assertCode(
                    tab.ask("regenerate", "conversationId", "c", "messageId", "m-reply", "replyId", "r"),
                    "bad_request");
            assertCode(tab.ask("cancel", "conversationId", "c", "replyId", "absent"), "not_found");
            assertCode(tab.ask("cancel", "conversationId", "absent", "replyId", "m-reply"), "not_found");
        }
    }

    @Test
    void saysWhenMoreMayBeSent() {
        try (Service strict = Service.start("parley.history.messages-per-minute=2");
                Tab tab = Browser.guest(strict).open()) {
            tab.say("c", "m1", "One");
            tab.say("c", "m2", "Two");

            JsonNode refused = tab.say("c", "m3", "Three");

            assertCode(refused, "rate_limited");
            assertThat(refused.path("retryable").asBoolean()).isTrue();
            assertThat(refused.path("retryAfterMs").asLong()).isBetween(1L, 30_000L);
            assertThat(tab.say("c", "m2", "Two").path("type").asString()).isEqualTo("accepted");
        }
    }

    @Test
    void saysThatTheTokensOfTheDayAreUsedUp() {
        try (Service strict = Service.start("parley.history.daily-tokens=8")) {
            Browser person = Browser.guest(strict);
            try (Tab tab = person.open()) {
                tab.say("c", "m1", "One");
                new Worker(strict, person, "c", "m1-reply").starts().says("Yes").completes();

                JsonNode refused = tab.say("c", "m2", "Two");

                assertCode(refused, "rate_limited");
                assertThat(refused.path("cause").asString()).isEqualTo("daily_tokens");
                assertThat(refused.path("message").asString()).contains("00:00 UTC");
                assertThat(refused.path("retryAfterMs").asLong()).isBetween(1L, 86_400_000L);
                assertThat(tab.say("c", "m1", "One").path("type").asString()).isEqualTo("accepted");
            }
        }
    }

    @Test
    void refusesMoreFramesThanOneSocketMaySend() {
        try (Service strict = Service.start("parley.live.frames-per-second=1", "parley.live.frame-burst=2");
                Tab tab = Browser.guest(strict).open()) {
            // Many without waiting: with each second one more may pass.
            for (int i = 0; i < 20; i++) {
                tab.send("ping");
            }
            tab.take("pong");
            tab.take("pong");

            JsonNode refused = tab.take("error");

            assertCode(refused, "rate_limited");
            assertThat(refused.path("retryAfterMs").asLong()).isBetween(1L, 1_000L);
        }
    }

    @Test
    void refusesMoreSubscriptionsThanOneSocketMayHave() {
        try (Service strict = Service.start("parley.live.subscriptions-per-socket=1");
                Tab tab = Browser.guest(strict).open()) {
            tab.ask("subscribe", "conversationId", "a");

            assertCode(tab.ask("subscribe", "conversationId", "b"), "bad_request");
            assertThat(tab.ask("subscribe", "conversationId", "a").path("type").asString())
                    .isEqualTo("subscribed");
            tab.ask("unsubscribe", "conversationId", "a");
            assertThat(tab.ask("subscribe", "conversationId", "b").path("type").asString())
                    .isEqualTo("subscribed");
        }
    }

    @Test
    void takesAFrameOfTheLongestLengthAndClosesOnALongerOne() throws IOException {
        try (RawSocket socket = new RawSocket(service, "Cookie: " + browser.cookie())) {
            String longest = padded(65_536);
            assertThat(longest.getBytes(StandardCharsets.UTF_8)).hasSize(65_536);
            socket.text(longest);
            socket.frame();
            assertThat(socket.frame().path("type").asString()).isEqualTo("pong");

            socket.text(padded(65_537));

            assertThat(socket.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void countsTheBytesOfAFrameThatComesInPieces() throws IOException {
        try (RawSocket socket = new RawSocket(service, "Cookie: " + browser.cookie())) {
            byte[] half = "€".repeat(11_000).getBytes(StandardCharsets.UTF_8);

            socket.write(RawSocket.TEXT, false, half);
            socket.write(RawSocket.CONTINUATION, false, half);

            assertThat(socket.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void closesOnABinaryFrame() {
        try (Tab tab = browser.open()) {
            tab.binary(new byte[] {1, 2, 3});

            assertThat(tab.closeCode()).isEqualTo(1003);
        }
    }

    /** A ping of this length. */
    private static String padded(int bytes) {
        String frame = "{\"type\":\"ping\",\"id\":\"r\",\"pad\":\"\"}";
        return frame.replace("\"\"", "\"" + "x".repeat(bytes - frame.length()) + "\"");
    }

    private static void assertCode(JsonNode frame, String code) {
        assertThat(frame.path("type").asString()).as("%s", frame).isEqualTo("error");
        assertThat(frame.path("code").asString()).as("%s", frame).isEqualTo(code);
        assertThat(frame.path("message").asString()).isNotEmpty();
    }
}
