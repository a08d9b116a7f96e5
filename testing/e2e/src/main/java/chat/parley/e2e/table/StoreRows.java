package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene;
import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.fault.Toxic;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.Part;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import chat.parley.e2e.table.Row.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What happens if Redis, or the way to it, dies. */
final class StoreRows {
    private static final int DISK_MEGABYTES = 32;

    private StoreRows() {}

    static void addTo(Rows rows) {
        rows.add(
                        23,
                        "redis-kill-during-accept",
                        "kill -9 of Redis and start, while messages are accepted",
                        StoreRows::killDuringAccept,
                        Trait.SHORT)
                .add(
                        24,
                        "redis-kill-mid-stream",
                        "kill -9 of Redis, start 20 s later, mid-stream",
                        StoreRows::killMidStream,
                        Trait.SHORT)
                .add(
                        24,
                        "redis-cut-from-one",
                        "the way between one Conversation of two and Redis is a black hole, mid-stream, until all is answered",
                        StoreRows::cutFromOne)
                .add(25, "redis-older", "Redis comes back as it was before, idle and mid-stream", StoreRows::older)
                .add(26, "redis-full", "Redis out of memory, while messages are accepted and applied", StoreRows::full)
                .addOn(
                        options -> options.redisDisk(DISK_MEGABYTES),
                        46,
                        "redis-disk-full",
                        "the disk of Redis is full, while messages are accepted and applied",
                        StoreRows::diskFull,
                        Trait.ROOT)
                .add(
                        27,
                        "redis-scripts-flushed",
                        "Redis forgets its scripts, again and again",
                        StoreRows::scriptsFlushed)
                .addOn(
                        StackOptions::redisWithSentinel,
                        27,
                        "redis-failover",
                        "kill -9 of the leading Redis, its replica takes over, mid-stream and while messages are accepted",
                        StoreRows::failover)
                .addOn(
                        StackOptions::redisWithSentinel,
                        27,
                        "redis-failover-behind",
                        "a replica of Redis takes over that lacks the last message",
                        StoreRows::failoverBehind)
                .add(
                        28,
                        "redis-answer-lost",
                        "a script has run, and its answer is lost with the connection",
                        StoreRows::answerLost,
                        Trait.SHORT);
    }

    private static void killDuringAccept(Scene scene) {
        Stack stack = scene.stack();
        ParleyClient client = scene.newClient();
        // Each in a conversation of its own: what follows a message that was not stored would be refused.
        List<Chat> chats = Stream.generate(client::newChat).limit(20).toList();
        // A snapshot that comes later may have the whole answer, and then no event of it comes.
        chats.forEach(Chat::awaitSubscribed);
        List<Asked> asked = new ArrayList<>();
        chats.subList(1, chats.size()).forEach(chat -> asked.add(scene.ask(chat, "rate=400")));
        // Slow, or nothing of it might be left to come when Redis is back.
        asked.add(scene.ask(chats.getFirst(), Scene.slowly(Duration.ofSeconds(10))));
        Scene.last(Duration.ofMillis(scene.chance(40)));
        long since = System.nanoTime();
        stack.redis().restart();
        scene.recovered("kill -9 of Redis and its start", asked.getLast(), since);
        asked.forEach(Asked::awaitWhole);

        asked.forEach(one -> assertThat(one.chat().messages()).hasSize(2));
        scene.check(1, asked);
    }

    private static void killMidStream(Scene scene) {
        Duration outage = scene.time(Duration.ofSeconds(20), Duration.ofSeconds(8));
        List<Asked> asked = scene.askFor(outage.plusSeconds(6), 4);
        scene.stack().redis().kill();
        Scene.last(outage);
        scene.stack().redis().start();
        long since = System.nanoTime();
        scene.recovered("the start of Redis", asked.getFirst(), since);
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    /** The other replica has the store: it takes over the partitions, and the sockets too. */
    private static void cutFromOne(Scene scene) {
        List<Asked> asked = new ArrayList<>(scene.askFor(Duration.ofSeconds(15), 8));
        try (Fault _ = scene.stack().proxy(Hop.CONVERSATION_REDIS, 0).with(new Toxic.BlackHole())) {
            List.copyOf(asked).forEach(one -> asked.add(scene.ask(one.chat(), "rate=200")));
            asked.forEach(Asked::awaitWhole);
            Scene.await("that nobody is left there", () -> scene.stack().sockets(0) == 0);
        }

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    /** Pages send again what they wrote themselves; this client does not, so that what was lost is gone. */
    private static void older(Scene scene) {
        Stack stack = scene.stack();
        Chat chat = scene.newClient().newChat();
        Asked first = scene.ask(chat, "rate=200");
        first.awaitWhole();
        Chat idle = scene.newClient().newChat();
        scene.ask(idle, "rate=200").awaitWhole();
        stack.redis().kill();
        stack.copyRedis();
        stack.redis().start();

        Asked lost = scene.ask(chat, slowlyForALongTime());
        lost.awaitText(40);
        stack.redis().kill();
        stack.restoreRedis();
        stack.redis().start();
        awaitWithout(scene, first, lost);
        scene.ask(idle, "rate=200").awaitWhole();
        scene.checkInvariants(1, 0);
    }

    /** The page shows what the older store has, and goes on from there; the lost answer is left alone. */
    private static void awaitWithout(Scene scene, Asked first, Asked lost) {
        Chat chat = first.chat();
        chat.await("the older history", () -> chat.rewinds() == 1);
        scene.forget(lost);
        assertThat(chat.messages())
                .extracting(Message::id)
                .containsExactly(first.turn().messageId(), first.turn().replyId());

        scene.ask(chat, first.turn().replyId(), "rate=200").awaitWhole();
        Scene.await(
                "that the lost answer is not written any more",
                () -> scene.stack().model().stats().path("open").asInt() == 0);
    }

    /** What the replica had not got yet is lost, though it was accepted: counted, and not judged. */
    private static void failover(Scene scene) {
        Scene.await("a replica with all on its disk", scene.stack()::isFollowerSaved);
        List<Asked> streaming = scene.askFor(Duration.ofSeconds(20), 4);
        ParleyClient client = scene.newClient();
        List<Asked> first = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            first.add(scene.ask(client.newChat(), "rate=400"));
        }
        first.forEach(Asked::awaitWhole);
        List<Asked> second =
                first.stream().map(one -> scene.ask(one.chat(), "rate=400")).toList();
        Scene.last(Duration.ofMillis(scene.chance(300)));
        long accepted =
                second.stream().filter(one -> one.turn().accepted().isDone()).count();
        long since = System.nanoTime();
        scene.stack().redisLeader().kill();
        scene.recovered(
                "kill -9 of the leading Redis, to its replica",
                scene.ask(scene.newClient().newChat(), "rate=400"),
                since);
        streaming.forEach(Asked::awaitWhole);

        long lost = 0;
        for (Asked one : second) {
            one.chat().await("an answer, or the older history", () -> one.chat().rewinds() > 0 || isWhole(one));
            if (!isWhole(one) && one.chat().message(one.turn().messageId()).isEmpty()) {
                scene.forget(one);
                lost++;
            }
        }
        scene.count("messages accepted at a failover", accepted);
        scene.count("of them lost", lost);
        first.forEach(
                one -> scene.ask(one.chat(), one.turn().replyId(), "rate=400").awaitWhole());
        scene.checkInvariants(1, 0);
    }

    private static boolean isWhole(Asked asked) {
        return asked.chat()
                .message(asked.turn().replyId())
                .filter(reply -> reply.status() == Message.Status.COMPLETE)
                .isPresent();
    }

    private static void failoverBehind(Scene scene) {
        Stack stack = scene.stack();
        Asked first = scene.ask(scene.newClient().newChat(), "rate=200");
        first.awaitWhole();
        Scene.await("a replica with all on its disk", stack::isFollowerSaved);
        Part follower = stack.redisFollower();
        Part leader = stack.redisLeader();
        follower.kill();
        Asked lost = scene.ask(first.chat(), slowlyForALongTime());
        lost.awaitText(40);
        leader.kill();
        follower.start();
        awaitWithout(scene, first, lost);
        scene.checkInvariants(1, 0);
    }

    private static String slowlyForALongTime() {
        return Scene.slowly(Duration.ofMinutes(2));
    }

    private static void full(Scene scene) {
        Stack stack = scene.stack();
        List<Asked> asked = new ArrayList<>(scene.askFor(Duration.ofSeconds(15), 3));
        stack.backstage().configureRedis("maxmemory", "1");
        try {
            asked.add(scene.ask(scene.newClient().newChat(), "rate=200"));
            Scene.last(Duration.ofSeconds(5));
            assertThat(asked.getLast().turn().accepted()).isNotDone();
        } finally {
            stack.backstage().configureRedis("maxmemory", "0");
        }
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    /** Redis that syncs always gives up when it can't write; whoever runs it starts it again. */
    private static void diskFull(Scene scene) {
        Stack stack = scene.stack();
        List<Asked> asked = new ArrayList<>(scene.askFor(Duration.ofSeconds(20), 3));
        Chat chat = scene.newClient().newChat();
        chat.awaitSubscribed();
        try (Fault _ = stack.redisDiskFull()) {
            asked.add(scene.ask(chat, "rate=200"));
            Scene.last(Duration.ofSeconds(4));
            assertThat(asked.getLast().turn().accepted()).isNotDone();
        }
        stack.redis().restart();
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void scriptsFlushed(Scene scene) {
        List<Asked> asked = new ArrayList<>(scene.askSlowly(3));
        for (int i = 0; i < 20; i++) {
            scene.stack().backstage().flushScripts();
            asked.add(scene.ask(asked.get(i % 3).chat(), "rate=400"));
            Scene.last(Duration.ofMillis(scene.chance(100)));
        }
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }

    private static void answerLost(Scene scene) {
        List<TcpProxy> hops = scene.stack().proxies(Hop.CONVERSATION_REDIS);
        List<Asked> asked = new ArrayList<>(scene.askSlowly(3));
        for (int i = 0; i < 5; i++) {
            for (TcpProxy hop : hops) {
                try (Fault _ = hop.with(new Toxic.LostAnswers())) {
                    asked.add(scene.ask(asked.get(i % 3).chat(), "rate=400"));
                    Scene.last(Duration.ofMillis(50 + scene.chance(100)));
                }
                // What follows a message that is not stored yet would be refused.
                asked.getLast().chat().awaitAccepted(asked.getLast().turn());
            }
            Scene.last(Duration.ofMillis(scene.chance(500)));
        }
        asked.forEach(Asked::awaitWhole);

        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }
}
