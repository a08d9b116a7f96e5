package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Pace;
import chat.parley.e2e.Scene;
import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Turn;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.fault.Toxic;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.table.Row.Trait;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What happens at the front door, on the network, and with several pages of one person. */
final class EdgeRows {
    /** What the system and nginx hold for a slow page is not merged any more, and has to come through. */
    private static final Duration SLOW_PATIENCE = Duration.ofMinutes(10);

    private static final Duration END_OF_PROCESS = Duration.ofSeconds(60);

    private EdgeRows() {}

    static void addTo(Rows rows) {
        rows.add(36, "nginx-kill", "kill -9 of nginx and start, mid-stream", EdgeRows::killNginx, Trait.SHORT)
                .add(37, "nginx-reload", "nginx reloaded five times under 200 sockets", EdgeRows::reloadNginx)
                .add(38, "offline", "the browser offline for some seconds, mid-stream", EdgeRows::offline, Trait.SHORT)
                .addOn(
                        options -> options.conversation("PARLEY_HISTORY_KEEPLOG", "1s")
                                .conversation("PARLEY_REPLY_TRIMEVERY", "200ms"),
                        38,
                        "offline-for-long",
                        "the browser offline until the log is trimmed, mid-stream",
                        EdgeRows::offlineForLong)
                .add(39, "half-open", "the way between browser and nginx is a black hole", EdgeRows::halfOpen)
                .add(40, "slow-reader", "a page that reads 1 KB/s", EdgeRows::slowReader)
                .add(
                        41,
                        "several-pages",
                        "two tabs and a phone, one joining mid-stream",
                        EdgeRows::severalPages,
                        Trait.SHORT)
                .add(42, "sent-twice", "two tabs send the same message", EdgeRows::sentTwice, Trait.SHORT)
                .addOn(
                        options -> options.assistant("PARLEY_ASSISTANT_DRAIN", "30s"),
                        43,
                        "rolling",
                        "each service replaced, one process after the other, under streams",
                        EdgeRows::rolling);
    }

    private static void killNginx(Scene scene) {
        List<Asked> asked = scene.askFor(Duration.ofSeconds(10), 3);
        scene.stack().nginx().kill();
        scene.stack().nginx().start();
        long since = System.nanoTime();
        asked.forEach(one -> scene.recovered("the start of nginx after kill -9", one, since));
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void reloadNginx(Scene scene) {
        List<ParleyClient> idle = new ArrayList<>();
        for (int i = 0; i < 190; i++) {
            idle.add(scene.newClient());
        }
        List<Asked> asked = scene.askFor(Duration.ofSeconds(25), 10);
        ProcessPart nginx = scene.stack().nginx();
        long workers = nginx.children();
        for (int i = 0; i < 5; i++) {
            nginx.reload();
            Scene.last(Duration.ofSeconds(1));
        }
        asked.forEach(Asked::awaitWhole);
        idle.forEach(ParleyClient::ping);
        Scene.await("that the old workers of nginx are gone", () -> nginx.children() <= workers);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void offline(Scene scene) {
        List<Asked> asked = scene.askFor(Duration.ofSeconds(10), 3);
        List<Fault> faults =
                asked.stream().map(one -> one.chat().client().offline()).toList();
        Scene.last(scene.time(Duration.ofSeconds(5), Duration.ofSeconds(2)));
        long since = System.nanoTime();
        faults.forEach(Fault::close);
        asked.forEach(one -> scene.recovered("the browser's network is back", one, since));
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void offlineForLong(Scene scene) {
        Asked asked = scene.askSlowly();
        asked.awaitText(20);
        try (Fault _ = asked.chat().client().offline()) {
            Asked witness = scene.asked(
                    scene.newClient(asked.chat().client().session())
                            .chat(asked.chat().id()),
                    asked.turn(),
                    asked.words());
            witness.awaitWhole();
            Scene.await(
                    "that the log is trimmed",
                    () -> scene.stack()
                                    .backstage()
                                    .positions(
                                            asked.chat().client().session().userId(),
                                            asked.chat().id())
                                    .size()
                            <= 1);
        }
        asked.awaitWhole();

        assertThat(asked.chat().snapshots()).isEqualTo(2);
        assertThat(scene.modelCalls(asked)).isEqualTo(1);
        scene.checkInvariants(0, 0);
    }

    private static void halfOpen(Scene scene) {
        Stack stack = scene.stack();
        Asked asked = scene.askFor(Duration.ofSeconds(10));
        asked.awaitText(20);
        try (Fault _ = stack.proxy(Hop.BROWSER_NGINX, 0).with(new Toxic.BlackHole())) {
            asked.chat()
                    .client()
                    .await(
                            "that the page notices",
                            () -> !asked.chat().client().closes().isEmpty());
            Scene.await("that the server frees the socket", () -> stack.sockets(0) + stack.sockets(1) == 0);
        }
        asked.awaitWhole();

        scene.check(1, List.of(asked));
    }

    private static void slowReader(Scene scene) {
        try (TcpProxy slow = scene.stack().anotherWayIn();
                Fault _ = slow.with(new Toxic.Bandwidth(scene.pace() == Pace.REAL ? 1024 : 10 * 1024))) {
            URI page = URI.create("http://127.0.0.1:" + slow.port());
            Asked slowly = scene.ask(scene.newClient(page).newChat(), "rate=100 tokens=1200");
            Asked other = scene.ask(scene.newClient().newChat(), "rate=100 tokens=1200");
            other.awaitWhole();
            assertThat(slowly.chat().open())
                    .as("what the slow page still waits for")
                    .isNotEmpty();
            slowly.chat()
                    .await(
                            "its end, slowly",
                            SLOW_PATIENCE,
                            () -> slowly.chat().message(slowly.turn().replyId()).isPresent());
            slowly.awaitWhole();

            scene.check(1, List.of(slowly, other));
        }
    }

    private static void severalPages(Scene scene) {
        ParleyClient tab = scene.newClient();
        ParleyClient other = scene.newClient(tab.session());
        String id = UUID.randomUUID().toString();
        Chat inTab = tab.chat(id);
        Chat inOther = other.chat(id);
        Asked asked = scene.ask(inTab, Scene.slowly(Duration.ofSeconds(5)));
        asked.awaitText(40);
        Chat onPhone = scene.newClient(tab.session()).chat(id);
        asked.awaitWhole();
        for (Chat chat : List.of(inOther, onPhone)) {
            chat.awaitCompleted(asked.turn());
            chat.await("the same position", () -> chat.seq() == inTab.seq());
            assertThat(chat.messages()).isEqualTo(inTab.messages());
        }
        scene.check(1, List.of(asked));
    }

    private static void sentTwice(Scene scene) {
        ParleyClient tab = scene.newClient();
        ParleyClient other = scene.newClient(tab.session());
        for (int i = 0; i < 5; i++) {
            String id = UUID.randomUUID().toString();
            String words = "Twice " + id;
            Chat one = tab.chat(id);
            Chat two = other.chat(id);
            Turn first = one.send("message", null, words, "reply");
            Turn second = two.send("message", null, words, "reply");
            assertThat(first.accepted().join().path("seq").asLong())
                    .isEqualTo(second.accepted().join().path("seq").asLong());
            Asked asked = scene.asked(one, first, words);
            asked.awaitWhole();
            assertThat(one.messages()).hasSize(2);
            assertThat(scene.modelCalls(asked)).isEqualTo(1);
        }
        scene.checkInvariants(0, 0);
    }

    private static void rolling(Scene scene) {
        List<Asked> asked = scene.askFor(Duration.ofSeconds(45), scene.pace() == Pace.REAL ? 50 : 12);
        List<ProcessPart> services = new ArrayList<>(scene.stack().conversations());
        services.addAll(scene.stack().assistants());
        services.add(scene.stack().nginx());
        for (ProcessPart service : services) {
            service.terminate();
            service.awaitEnd(END_OF_PROCESS);
            service.start();
        }
        asked.forEach(Asked::awaitWhole);

        // A new attempt only where a reply took longer than its worker's drain.
        assertThat(asked).allSatisfy(one -> assertThat(one.attempts()).isBetween(1, 2));
        scene.checkInvariants(0, 0);
    }
}
