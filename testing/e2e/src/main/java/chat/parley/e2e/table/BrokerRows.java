package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene;
import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.fault.Toxic;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.table.Row.Trait;
import chat.parley.events.Topology;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** What happens if RabbitMQ, or the way to it, dies. */
final class BrokerRows {
    private BrokerRows() {}

    static void addTo(Rows rows) {
        rows.add(
                        15,
                        "malformed-events",
                        "messages that are no events on the request and the reply queues",
                        BrokerRows::malformed,
                        Trait.SHORT)
                .add(
                        16,
                        "rabbitmq-kill-queued",
                        "kill -9 of RabbitMQ and start, requests not consumed",
                        BrokerRows::killQueued)
                .add(
                        17,
                        "rabbitmq-kill-mid-stream",
                        "kill -9 of RabbitMQ and start, mid-stream",
                        BrokerRows::killMidStream,
                        Trait.SHORT)
                .add(
                        18,
                        "rabbitmq-down",
                        "RabbitMQ away for 5 min while messages are sent",
                        BrokerRows::downDuringSends)
                .add(19, "rabbitmq-memory-alarm", "RabbitMQ's memory alarm, mid-stream", BrokerRows::memoryAlarm)
                .add(46, "rabbitmq-disk-alarm", "RabbitMQ's disk alarm, mid-stream", BrokerRows::diskAlarm)
                .add(20, "reply-queue-full", "the reply queues at their longest, mid-stream", BrokerRows::queueFull)
                .add(
                        21,
                        "rabbitmq-reset",
                        "the connections between workers and broker are reset, mid-stream",
                        BrokerRows::resetConnections,
                        Trait.SHORT)
                .add(
                        21,
                        "rabbitmq-reset-conversation",
                        "the connections between Conversation and broker are reset, mid-stream",
                        BrokerRows::resetConversation)
                .add(
                        22,
                        "rabbitmq-black-hole",
                        "a black hole between a worker and the broker for 30 s",
                        BrokerRows::blackHole)
                .add(
                        22,
                        "rabbitmq-vanished",
                        "all connections between workers and broker pass nothing any more, new ones do, mid-stream",
                        BrokerRows::vanished)
                .add(
                        47,
                        "rabbitmq-wiped",
                        "RabbitMQ's data thrown away, requests queued and replies mid-stream",
                        BrokerRows::wiped);
    }

    /**
     * As when the broker's host dies and another one gets its name. Until their heartbeats are missed nobody hears the
     * workers, and requests go to where nobody is: some replies lose two workers, and run alone from then on.
     */
    private static void vanished(Scene scene) {
        List<Asked> asked = new ArrayList<>(scene.askFor(Duration.ofSeconds(12), 3));
        List<Fault> faults = scene.stack().proxies(Hop.ASSISTANT_RABBIT).stream()
                .map(hop -> hop.with(new Toxic.Vanished()))
                .toList();
        try {
            asked.add(scene.ask(scene.newClient().newChat(), "rate=200"));
            asked.forEach(Asked::awaitWhole);
        } finally {
            faults.forEach(Fault::close);
        }
        scene.checkInvariants(0, 0);
    }

    private static void malformed(Scene scene) {
        Asked neighbour = scene.askSlowly();
        neighbour.awaitText(10);
        // The same bytes again would be the same letter, not one more.
        String fresh = UUID.randomUUID().toString();
        byte[] nonsense = ("no event " + fresh).getBytes(StandardCharsets.UTF_8);
        byte[] noList = ("no list of events " + fresh).getBytes(StandardCharsets.UTF_8);
        byte[] unknown = ("[{\"type\":\"reply.sung\",\"song\":\"" + fresh + "\"}]").getBytes(StandardCharsets.UTF_8);
        scene.stack().backstage().publish(Topology.REQUESTS, Topology.ANY, nonsense);
        scene.stack().backstage().publish(Topology.REPLIES, Topology.partitionKey(3), noList);
        scene.stack().backstage().publish(Topology.REPLIES, Topology.partitionKey(4), unknown);
        neighbour.awaitWhole();
        scene.ask(neighbour.chat(), "rate=200").awaitWhole();
        Scene.await("each of them in the dead letters, once", () -> scene.deadLetters() == 3);

        scene.checkInvariants(0, 3);
    }

    private static void killQueued(Scene scene) {
        Stack stack = scene.stack();
        stack.assistants().forEach(ProcessPart::kill);
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            asked.add(scene.ask(scene.newClient().newChat(), "rate=200"));
        }
        asked.forEach(one -> one.chat().awaitAccepted(one.turn()));
        stack.rabbit().restart();
        stack.assistants().forEach(ProcessPart::launch);
        asked.forEach(Asked::awaitWhole);
        stack.assistants().forEach(ProcessPart::awaitReady);

        scene.check(1, asked);
    }

    private static void killMidStream(Scene scene) {
        List<Asked> asked = scene.askFor(Duration.ofSeconds(15), 4);
        long since = System.nanoTime();
        scene.stack().rabbit().restart();
        scene.recovered("kill -9 of RabbitMQ and its start", asked.getFirst(), since);
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void downDuringSends(Scene scene) {
        Duration outage = scene.time(Duration.ofMinutes(5), Duration.ofSeconds(10));
        int people = 5;
        int rounds = 6;
        ParleyClient client = scene.newClient();
        List<Chat> chats =
                IntStream.range(0, people).mapToObj(_ -> client.newChat()).toList();
        List<Asked> asked = new ArrayList<>();
        try (Fault _ = scene.stack().rabbit().killed()) {
            for (int round = 0; round < rounds; round++) {
                chats.forEach(chat -> asked.add(scene.ask(chat, "rate=200")));
                asked.forEach(one -> one.chat().awaitAccepted(one.turn()));
                Scene.last(outage.dividedBy(rounds));
            }
        }
        asked.forEach(Asked::awaitWhole);
        scene.check(1, asked);
    }

    private static void memoryAlarm(Scene scene) {
        alarm(scene, List.of("set_vm_memory_high_watermark", "0.0001"), List.of("set_vm_memory_high_watermark", "0.4"));
    }

    private static void diskAlarm(Scene scene) {
        alarm(scene, List.of("set_disk_free_limit", "1000000GB"), List.of("set_disk_free_limit", "50MB"));
    }

    /**
     * Publishers are blocked, and what was delivered can still be acknowledged. A request whose confirm is late is
     * published again; when the alarm ends both copies go out at once, and the one that is not run may be heard of
     * before the one that is: a second attempt, and nothing of the first was shown.
     */
    private static void alarm(Scene scene, List<String> raise, List<String> clear) {
        Stack stack = scene.stack();
        List<Asked> streaming = scene.askFor(Duration.ofSeconds(15), 4);
        Asked sent;
        stack.rabbitControl(raise.toArray(String[]::new));
        try {
            sent = scene.ask(scene.newClient().newChat(), "rate=200");
            sent.chat().awaitAccepted(sent.turn());
            Scene.last(scene.time(Duration.ofSeconds(30), Duration.ofSeconds(8)));
        } finally {
            stack.rabbitControl(clear.toArray(String[]::new));
        }
        streaming.forEach(Asked::awaitWhole);
        sent.awaitWhole();

        Scene.assertSameAttempt(streaming);
        scene.check(1, streaming);
        assertThat(scene.modelCalls(sent)).isBetween(1, 2);
    }

    private static void queueFull(Scene scene) {
        Stack stack = scene.stack();
        List<Asked> asked = scene.askFor(Duration.ofSeconds(20), 4);
        stack.rabbitControl(
                "set_policy", "short", "^conversation[.]replies", "{\"max-length\":3}", "--apply-to", "queues");
        try {
            stack.conversations().forEach(ProcessPart::kill);
            Scene.last(Duration.ofSeconds(4));
            stack.conversations().forEach(ProcessPart::launch);
            stack.conversations().forEach(ProcessPart::awaitReady);
            asked.forEach(Asked::awaitWhole);
        } finally {
            stack.rabbitControl("clear_policy", "short");
        }
        double resent = stack.assistants().stream()
                .mapToDouble(one -> stack.metrics(one).value("parley.assistant.published.again"))
                .sum();

        assertThat(resent).as("messages that the broker refused").isPositive();
        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void resetConnections(Scene scene) {
        resetAll(scene, Hop.ASSISTANT_RABBIT);
    }

    private static void resetConversation(Scene scene) {
        resetAll(scene, Hop.CONVERSATION_RABBIT);
    }

    private static void resetAll(Scene scene, Hop hop) {
        List<Asked> asked = scene.askSlowly(4);
        for (int i = 0; i < 3; i++) {
            scene.stack().proxies(hop).forEach(TcpProxy::reset);
            Scene.last(Duration.ofMillis(500 + scene.chance(500)));
        }
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void blackHole(Scene scene) {
        Duration outage = scene.time(Duration.ofSeconds(30), Duration.ofSeconds(12));
        Asked asked = scene.askFor(outage.plusSeconds(5));
        asked.awaitText(20);
        ProcessPart writer = scene.writer();
        int index = scene.stack().assistants().indexOf(writer);
        try (Fault _ = scene.stack().proxy(Hop.ASSISTANT_RABBIT, index).with(new Toxic.BlackHole())) {
            Scene.last(outage);
        }
        asked.awaitWhole();

        assertThat(scene.modelCalls(asked)).isBetween(1, 2).isEqualTo(asked.attempts());
        scene.checkInvariants(0, 0);
    }

    private static void wiped(Scene scene) {
        Stack stack = scene.stack();
        List<Asked> streaming = scene.askFor(Duration.ofSeconds(20), 3);
        stack.rabbit().kill();
        stack.wipeRabbit();
        stack.rabbit().start();
        streaming.forEach(Asked::awaitWhole);
        Scene.assertSameAttempt(streaming);

        stack.assistants().forEach(ProcessPart::kill);
        List<Asked> queued = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            queued.add(scene.ask(scene.newClient().newChat(), "rate=200"));
        }
        queued.forEach(one -> one.chat().awaitAccepted(one.turn()));
        Scene.await("all of them in the broker", () -> stack.backstage().waitingRequests() == queued.size());
        stack.rabbit().kill();
        stack.wipeRabbit();
        stack.rabbit().start();
        stack.assistants().forEach(ProcessPart::launch);
        queued.forEach(Asked::awaitWhole);
        stack.assistants().forEach(ProcessPart::awaitReady);

        List<Asked> all = new ArrayList<>(streaming);
        all.addAll(queued);
        scene.check(1, all);
    }
}
