package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.RawSocket;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Replicas share nothing but the store, and any of them will do. */
class ReplicasIT {
    @Test
    void showsAtOneWhatHappensAtAnother() {
        Service one = Service.get();
        try (Service other = Service.start()) {
            Browser browser = Browser.guest(one);
            try (Tab here = browser.open();
                    Tab there = browser.at(other).open()) {
                there.ask("subscribe", "conversationId", "c");
                here.say("c", "m", "Hello");
                Worker worker =
                        new Worker(one, browser, "c", "m-reply").starts().says("Hi ", "there");
                worker.completes();

                Story story = new Story(0);
                while (!story.hasEnded("m-reply")) {
                    story.apply(there.take("event"));
                }
                assertThat(story.textOf("m-reply")).isEqualTo("Hi there");
                assertThat(there.take("conversation")
                                .path("conversation")
                                .path("id")
                                .asString())
                        .isEqualTo("c");
            }
        }
    }

    @Test
    void knowsASessionThatAnotherBeganAndForgetsOneThatAnotherEnded() {
        Service one = Service.get();
        try (Service other = Service.start()) {
            Browser browser = Browser.guest(one);
            Browser elsewhere = browser.at(other);
            assertThat(elsewhere.get("/api/conversations").status()).isEqualTo(200);
            try (Tab tab = elsewhere.open()) {
                assertThat(browser.delete("/api/session").status()).isEqualTo(204);

                assertThat(tab.closeCode()).isEqualTo(4401);
            }
            assertThat(elsewhere.get("/api/conversations").status()).isEqualTo(401);
        }
    }

    @Test
    void closesEverySocketOfASessionThatEndsAndNoOther() {
        Service one = Service.get();
        try (Service other = Service.start()) {
            Browser browser = Browser.guest(one);
            Browser elsewhere = browser.at(other);
            Browser neighbour = Browser.guest(one, browser, true);
            try (Tab here = browser.open();
                    Tab alsoHere = browser.open();
                    Tab there = elsewhere.open();
                    Tab next = neighbour.open();
                    Tab nextThere = neighbour.at(other).open()) {
                there.ask("subscribe", "conversationId", "c");

                browser.delete("/api/session");

                assertThat(List.of(here.closeCode(), alsoHere.closeCode(), there.closeCode()))
                        .containsOnly(4401);
                assertThat(next.ask("ping").path("type").asString()).isEqualTo("pong");
                assertThat(nextThere.ask("ping").path("type").asString()).isEqualTo("pong");
            }
        }
    }

    @Test
    void resumesAtAnotherWhenOneGoesAway() {
        Service one = Service.get();
        Story story = new Story(0);
        Browser browser = Browser.guest(one);
        Tab left;
        try (Service leaving = Service.start()) {
            left = browser.at(leaving).open();
            left.ask("subscribe", "conversationId", "c");
            left.say("c", "m", "Hello");
            new Worker(one, browser, "c", "m-reply").starts().says("Half ");
            while (!story.textOf("m-reply").equals("Half ")) {
                story.apply(left.take("event"));
            }
        }
        assertThat(left.closeCode()).isEqualTo(1001);

        try (Tab tab = browser.open()) {
            JsonNode subscribed = tab.ask("subscribe", "conversationId", "c", "after", story.cursor());
            assertThat(subscribed.path("recovered").asBoolean()).isTrue();
        }
    }

    @Test
    void pingsAndClosesWhoDoesNotAnswer() throws IOException {
        try (Service service = Service.start(
                "parley.live.ping-every=200ms",
                "parley.live.silence=5s",
                "parley.live.close-timeout=500ms",
                "parley.live.tick=50ms")) {
            Browser browser = Browser.guest(service);
            try (Tab living = browser.open();
                    RawSocket dead = new RawSocket(service, "Cookie: " + browser.cookie())) {
                dead.frame();
                int opcode = dead.piece().opcode();
                while (opcode == RawSocket.TEXT) { // the status of the assistant may have changed
                    opcode = dead.piece().opcode();
                }
                assertThat(opcode).isEqualTo(RawSocket.PING);

                assertThat(dead.closeCode()).isEqualTo(1001);
                assertThat(dead.isHungUp()).isTrue();
                assertThat(living.pings()).isGreaterThan(2);
                assertThat(living.isOpen()).isTrue();
            }
        }
    }

    @Test
    void closesASocketWhoseSessionHasExpired() {
        try (Service service = Service.start("parley.session.lifetime=6s")) {
            Browser browser = Browser.guest(service);
            try (Tab tab = browser.open()) {
                assertThat(tab.closeCode()).isEqualTo(4401);
                assertThat(browser.get("/api/conversations").status()).isEqualTo(401);
            }
        }
    }
}
