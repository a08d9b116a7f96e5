package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Browser;
import chat.parley.conversation.RawSocket;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A socket that does not read holds up nobody, and loses nothing unless it stops for good. */
class SlowSocketIT {
    /** More than the system keeps between the two ends of a connection here. */
    private static final int PIECES = 300;

    private static final int PIECE_CHARS = 4_000;

    @Test
    void getsMergedDeltasWhenItReadsAgain() throws IOException {
        Service service = Service.get();
        Browser browser = Browser.guest(service);
        try (RawSocket slow = subscribed(service, browser);
                Tab quick = browser.open()) {
            quick.ask("subscribe", "conversationId", "c");
            Worker worker = write(service, browser, quick);
            worker.completes();
            quick.event("reply.completed");

            Story story = new Story(0);
            while (!story.hasEnded("m-reply")) {
                JsonNode frame = slow.frame();
                if (frame.path("type").asString().equals("event")) {
                    story.apply(frame);
                }
            }
            assertThat(story.textOf("m-reply")).isEqualTo(worker.text());
            assertThat(story.merged()).isPositive();
        }
    }

    @Test
    void isClosedWhenItStopsReading() throws IOException {
        // The time-out binds the quick one, too: it has to be longer than any pause of the process.
        try (Service service = Service.start(
                "parley.live.write-timeout=5s", "parley.live.close-timeout=60s", "parley.live.tick=100ms")) {
            Browser browser = Browser.guest(service);
            try (RawSocket stuck = subscribed(service, browser);
                    Tab quick = browser.open()) {
                quick.ask("subscribe", "conversationId", "c");
                write(service, browser, quick);
                // Others go on meanwhile.
                assertThat(quick.ask("ping").path("type").asString()).isEqualTo("pong");
                Sockets sockets = service.bean(Sockets.class);
                await().until(() -> sockets.count() == 1);

                assertThat(stuck.closeCode()).isEqualTo(1013);
                assertThat(quick.isOpen()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parley.live.waiting-answers=20", "parley.live.waiting-chars=3000"})
    void isClosedWhenItAsksAndNeverReads(String limit) throws IOException {
        try (Service service =
                Service.start(limit, "parley.live.frames-per-second=100000", "parley.live.frame-burst=100000")) {
            Browser browser = Browser.guest(service);
            try (RawSocket stuck = new RawSocket(service, "Cookie: " + browser.cookie())) {
                stuck.frame();
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> !asks(stuck));
            }
        }
    }

    /** Asks much; returns false once the server does not listen any more. */
    private static boolean asks(RawSocket socket) {
        String ping = "{\"type\":\"ping\",\"id\":\"" + "r".repeat(128) + "\"}";
        try {
            for (int i = 0; i < 1_000; i++) {
                socket.text(ping);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static RawSocket subscribed(Service service, Browser browser) throws IOException {
        RawSocket socket = new RawSocket(service, "Cookie: " + browser.cookie());
        assertThat(socket.frame().path("type").asString()).isEqualTo("welcome");
        socket.text("{\"type\":\"subscribe\",\"id\":\"r\",\"conversationId\":\"c\"}");
        assertThat(socket.frame().path("type").asString()).isEqualTo("subscribed");
        return socket;
    }

    private static Worker write(Service service, Browser browser, Tab tab) {
        tab.say("c", "m", "Tell me everything");
        Worker worker = new Worker(service, browser, "c", "m-reply").starts();
        String piece = "x".repeat(PIECE_CHARS);
        for (int done = 0; done < PIECES; done += 50) {
            worker.says(Collections.nCopies(50, piece).toArray(String[]::new));
        }
        return worker;
    }
}
