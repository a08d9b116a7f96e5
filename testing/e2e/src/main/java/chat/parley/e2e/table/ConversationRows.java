package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene;
import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.points.Point;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.table.Row.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What happens if Conversation dies. */
final class ConversationRows {
    /** Sixteen partitions, and so many people: each replica owns some of theirs, and holds some of their sockets. */
    private static final int PEOPLE = 8;

    private ConversationRows() {}

    static void addTo(Rows rows) {
        rows.add(
                        1,
                        "kill-before-accept",
                        "kill -9 of Conversation, before Redis has the message",
                        scene -> killAt(scene, Point.BEFORE_ACCEPT),
                        Trait.SHORT)
                .add(
                        2,
                        "kill-after-accept",
                        "kill -9 of Conversation, Redis has the message and nobody was told",
                        scene -> killAt(scene, Point.AFTER_ACCEPT),
                        Trait.SHORT)
                .add(
                        3,
                        "kill-before-confirm",
                        "kill -9 of Conversation, the request published and not confirmed",
                        scene -> killAt(scene, Point.REQUEST_SENT))
                .add(
                        4,
                        "kill-before-settle",
                        "kill -9 of Conversation, the request confirmed and Redis not told",
                        scene -> killAt(scene, Point.BEFORE_SETTLE),
                        Trait.SHORT)
                .add(
                        5,
                        "kill-owner",
                        "kill -9 of each Conversation in turn, mid-stream: holders of sockets, owners of partitions",
                        ConversationRows::killEachInTurn,
                        Trait.SHORT)
                .add(
                        5,
                        "kill-before-apply",
                        "kill -9 of Conversation, what a worker said read from the broker and not in Redis",
                        scene -> killOwnerAt(scene, Point.BEFORE_APPLY))
                .add(
                        5,
                        "kill-before-reply-ack",
                        "kill -9 of Conversation, what a worker said in Redis and not acknowledged",
                        scene -> killOwnerAt(scene, Point.AFTER_APPLY))
                .add(
                        5,
                        "kill-while-many-are-sent",
                        "kill -9 of Conversation at any moment of ten messages",
                        ConversationRows::killWhileManyAreSent)
                .add(
                        6,
                        "kill-all-conversations",
                        "kill -9 of every Conversation for 30 s, mid-stream",
                        ConversationRows::killAll)
                .add(
                        7,
                        "freeze-conversation",
                        "SIGSTOP of a Conversation for 40 s, mid-stream",
                        ConversationRows::freeze);
    }

    private static void killAt(Scene scene, Point point) {
        Chat chat = scene.newClient().newChat();
        chat.awaitSubscribed();
        ProcessPart holder = scene.holder();
        scene.arm(List.of(holder), point, "");
        Asked asked = scene.ask(chat, "rate=200");
        scene.killAt(List.of(holder), point);
        asked.awaitWhole();
        holder.start();

        assertThat(chat.messages()).hasSize(2);
        assertThat(asked.attempts()).isEqualTo(1);
        scene.check(1, List.of(asked));
    }

    private static void killEachInTurn(Scene scene) {
        for (ProcessPart conversation : scene.stack().conversations()) {
            // The first is still being answered when the last has come.
            List<Asked> asked = scene.askFor(Duration.ofSeconds(20), PEOPLE);
            long since = System.nanoTime();
            try (Fault _ = conversation.killed()) {
                asked.forEach(one -> scene.recovered("kill -9 of a Conversation", one, since));
                asked.forEach(Asked::awaitWhole);
            }
            Scene.assertSameAttempt(asked);
            scene.check(1, asked);
        }
    }

    /** Who owns the partition is whoever comes to the point. */
    private static void killOwnerAt(Scene scene, Point point) {
        List<ProcessPart> conversations = scene.stack().conversations();
        Asked asked = scene.askSlowly();
        asked.awaitText(10 + scene.chance(100));
        scene.arm(conversations, point, asked.turn().replyId());
        ProcessPart owner = scene.killAt(conversations, point);
        asked.awaitWhole();
        owner.start();

        Scene.assertSameAttempt(List.of(asked));
        scene.check(1, List.of(asked));
    }

    private static void killWhileManyAreSent(Scene scene) {
        Chat chat = scene.newClient().newChat();
        chat.awaitSubscribed();
        List<Asked> asked = new ArrayList<>();
        ProcessPart holder = scene.holder();
        for (int i = 0; i < 10; i++) {
            asked.add(scene.ask(chat, "rate=400"));
        }
        Scene.last(Duration.ofMillis(scene.chance(50)));
        try (Fault _ = holder.killed()) {
            asked.forEach(Asked::awaitWhole);
        }
        assertThat(chat.messages()).hasSize(2 * asked.size());
        scene.check(1, asked);
    }

    private static void killAll(Scene scene) {
        Duration outage = scene.time(Duration.ofSeconds(30), Duration.ofSeconds(4));
        List<Asked> asked = scene.askFor(outage.plusSeconds(20), 3);
        List<ProcessPart> conversations = scene.stack().conversations();
        conversations.forEach(ProcessPart::kill);
        Scene.last(outage);
        conversations.forEach(ProcessPart::launch);
        conversations.forEach(ProcessPart::awaitReady);
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void freeze(Scene scene) {
        Duration outage = scene.time(Duration.ofSeconds(40), Duration.ofSeconds(14));
        List<Asked> asked = scene.askFor(outage.plusSeconds(6), 4);
        try (Fault _ = scene.oneOf(scene.stack().conversations()).paused()) {
            Scene.last(outage);
        }
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }
}
