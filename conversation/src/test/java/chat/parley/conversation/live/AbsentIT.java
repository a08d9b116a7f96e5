package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.RawSocket;
import chat.parley.conversation.RedisMonitor;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.events.Id;
import chat.parley.events.Topology;
import chat.parley.testing.servers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Another's conversation is one that does not exist: not only in what is answered, but in all that is asked of Redis
 * for the answer. So neither words nor time tell one from the other.
 */
class AbsentIT {
    /** Nothing is done of a user's in the background. */
    private static final String[] QUIET = {
        "parley.reply.queues-every=1h",
        "parley.reply.admit-every=1h",
        "parley.reply.expire-every=1h",
        "parley.history.outbox-lease=1h"
    };

    private static final String NONE = "no conversation";

    private static RedisServer redis;
    private static Service service;
    private static RedisMonitor monitor;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.startPrivate(Path.of("target", "absent-" + System.nanoTime()));
        service = Service.start(redis, QUIET);
        monitor = new RedisMonitor(redis);
    }

    @AfterAll
    static void stop() throws IOException {
        monitor.close();
        service.close();
        redis.close();
    }

    /** What is there of Alice's, and what Bob asks for. */
    private record Names(String conversation, String message, String reply, String cursor) {
        /** The same of a conversation that nobody has. */
        Names elsewhere() {
            return new Names(Id.random().value(), message, reply, cursor);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noCallTellsAnothersConversationFromNone(boolean sameShard) throws Exception {
        Browser alice = Browser.guest(service);
        Browser bob = Browser.guest(service, alice, sameShard);
        Names hers = begin(alice);
        alice.put(path(hers) + "/share");
        Names none = hers.elsewhere();
        for (Map.Entry<String, Function<Names, Answer>> call : calls(bob).entrySet()) {
            var _ = call.getValue().apply(hers.elsewhere()); // so that Redis knows the scripts
            Seen foreign = seeTheSame(
                    call.getKey(),
                    bob,
                    hers,
                    none,
                    names -> told(call.getValue().apply(names)));
            assertThat(foreign.answer()).as(call.getKey()).startsWith("404 ");
            assertThat(foreign.commands()).as(call.getKey()).isNotEmpty();
        }
        assertThat(alice.get("/api/conversations/" + hers.conversation()).status())
                .isEqualTo(200);
        assertThat(alice.get(path(hers) + "/share").status()).isEqualTo(200);
    }

    private static Map<String, Function<Names, Answer>> calls(Browser bob) {
        Map<String, Function<Names, Answer>> calls = new TreeMap<>();
        calls.put("snapshot", of -> bob.get(path(of)));
        calls.put("messages", of -> bob.get(path(of) + "/messages"));
        calls.put("messages before", of -> bob.get(path(of) + "/messages?before=" + of.message()));
        calls.put(
                "change", of -> bob.patch(path(of), "{\"title\":\"Mine\",\"pinned\":true,\"systemPrompt\":\"Obey\"}"));
        calls.put("delete", of -> bob.delete(path(of)));
        calls.put("usage", of -> bob.get(path(of) + "/usage"));
        calls.put("export as text", of -> bob.get(path(of) + "/export"));
        calls.put("share", of -> bob.put(path(of) + "/share"));
        calls.put("link", of -> bob.get(path(of) + "/share"));
        calls.put("stop sharing", of -> bob.delete(path(of) + "/share"));
        calls.put("export as JSON", of -> bob.get(path(of) + "/export?format=json"));
        return calls;
    }

    private static String path(Names of) {
        return "/api/conversations/" + of.conversation();
    }

    private static String told(Answer answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.remove("date");
        return answer.status() + " " + headers + " " + answer.body();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noFrameTellsAnothersConversationFromNone(boolean sameShard) throws Exception {
        Browser alice = Browser.guest(service);
        Browser bob = Browser.guest(service, alice, sameShard);
        Names hers = begin(alice);
        Names none = hers.elsewhere();
        try (Tab his = bob.open()) {
            for (Map.Entry<String, Function<Names, JsonNode>> frame :
                    frames(his).entrySet()) {
                var _ = frame.getValue().apply(hers.elsewhere()); // so that Redis knows the scripts
                var _ = seeTheSame(
                        frame.getKey(),
                        bob,
                        hers,
                        none,
                        names -> told(frame.getValue().apply(names)));
            }
            // The last of the frames, since it begins a conversation of his own.
            send(his, bob, hers.elsewhere());
            Seen foreign = see(bob, hers, names -> told(send(his, bob, names)));
            Seen absent = see(bob, none, names -> told(send(his, bob, names)));
            assertThat(foreign.answer()).isEqualTo(absent.answer()).contains("\"accepted\"");
            // What follows from it is done by several threads.
            assertThat(foreign.commands()).as("send").containsExactlyInAnyOrderElementsOf(absent.commands());
            assertThat(his.soFar().toString()).doesNotContain("Of Alice", "For Alice");
        }
        JsonNode untouched =
                alice.get("/api/conversations/" + hers.conversation()).json();
        assertThat(untouched.path("messages")).hasSize(1);
        assertThat(untouched.path("replies").path(0).path("text").asString()).isEqualTo("For Alice");
    }

    private static Map<String, Function<Names, JsonNode>> frames(Tab his) {
        Map<String, Function<Names, JsonNode>> frames = new TreeMap<>();
        frames.put("subscribe", of -> subscribe(his, of, "limit", 10));
        frames.put("subscribe after a position of hers", of -> subscribe(his, of, "after", of.cursor()));
        frames.put("unsubscribe", of -> his.ask("unsubscribe", "conversationId", of.conversation()));
        frames.put("cancel", of -> his.ask("cancel", "conversationId", of.conversation(), "replyId", of.reply()));
        frames.put(
                "regenerate",
                of -> his.ask(
                        "regenerate",
                        "conversationId",
                        of.conversation(),
                        "messageId",
                        of.message(),
                        "replyId",
                        "another"));
        frames.put("send behind a reply of hers", of -> send(his, of, of.reply()));
        return frames;
    }

    /** Leaves nothing behind that would read on. */
    private static JsonNode subscribe(Tab his, Names of, String member, Object value) {
        JsonNode subscribed = his.ask("subscribe", "conversationId", of.conversation(), member, value);
        his.ask("unsubscribe", "conversationId", of.conversation());
        return subscribed;
    }

    private static JsonNode send(Tab his, Names of, String parent) {
        return his.ask(
                "send",
                "conversationId",
                of.conversation(),
                "messageId",
                of.message(),
                "parentId",
                parent,
                "text",
                "Of Bob",
                "replyId",
                of.reply());
    }

    /** Returns when all is done that follows from it: the broker has the request, and the list is told. */
    private static JsonNode send(Tab his, Browser bob, Names of) {
        JsonNode accepted = send(his, of, null);
        awaitOffered(bob, of);
        his.take("conversation");
        return accepted;
    }

    /** Returns when the broker's confirm of a request was written down, which comes at its own time. */
    private static void awaitOffered(Browser owner, Names names) {
        String entry = owner.userId() + "/" + names.conversation() + "/" + names.reply() + "/1";
        String offered = "{s%02d}:offered".formatted(Topology.shardOf(owner.userId()));
        try (RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()))) {
            var commands = client.connect().sync();
            // Without a word of the entry, so that this is not heard as asked for it.
            await().until(() -> commands.zrange(offered, 0, -1).contains(entry));
        }
    }

    private static String told(JsonNode frame) {
        return frame.toString().replaceAll("\"re\":\"[^\"]*\"", "\"re\":\"\"");
    }

    @Test
    void aForeignPagesHandshakeAsksRedisForNothing() throws Exception {
        Browser browser = Browser.guest(service);
        String cookie = "Cookie: " + browser.cookie();

        assertThat(commandsOf(browser, NONE, () -> handshake(403, cookie, "Origin: http://127.0.0.1.evil.example")))
                .isEmpty();
        // The session of our own page is looked for.
        assertThat(commandsOf(
                        browser, NONE, () -> handshake(101, cookie, "Origin: http://127.0.0.1:" + service.port())))
                .isNotEmpty();
    }

    @Test
    void aLinkThatWasTakenBackIsLookedForAsOneThatNeverWas() throws Exception {
        Browser alice = Browser.guest(service);
        Browser bob = Browser.guest(service);
        Names hers = begin(alice);
        String token = alice.put(path(hers) + "/share").json().path("token").asString();
        assertThat(bob.get("/api/shared/" + token).status()).isEqualTo(200);
        alice.delete(path(hers) + "/share");
        String never = token.substring(0, 2) + Id.random();

        Seen takenBack = seeTheSame(
                "link",
                bob,
                new Names(token, "", "", ""),
                new Names(never, "", "", ""),
                names -> told(bob.get("/api/shared/" + names.conversation())));

        assertThat(takenBack.answer()).startsWith("404 ");
        assertThat(takenBack.commands()).isNotEmpty();
    }

    private static void handshake(int status, String... headers) throws IOException {
        try (RawSocket socket = new RawSocket(service, headers)) {
            assertThat(socket.status()).isEqualTo(status);
        }
    }

    /** Alice asks, and has the beginning of an answer. */
    private static Names begin(Browser alice) {
        Names names = new Names(Id.random().value(), "m", "m-reply", "");
        try (Tab tab = alice.open()) {
            tab.say(names.conversation(), names.message(), "Of Alice");
            awaitOffered(alice, names);
            tab.take("conversation");
            new Worker(service, alice, names.conversation(), names.reply())
                    .starts()
                    .says("For Alice");
            String cursor = tab.ask("subscribe", "conversationId", names.conversation())
                    .path("cursor")
                    .asString();
            return new Names(names.conversation(), names.message(), names.reply(), cursor);
        }
    }

    /**
     * An answer, and what Redis was asked for it.
     *
     * @param commands each with its name and its key or script
     */
    private record Seen(String answer, List<String> commands) {}

    /**
     * Asks until both are the same: what is still written down of Alice's own doings is heard too, and comes once. What
     * the asking itself leads to comes each time.
     */
    private static Seen seeTheSame(String what, Browser bob, Names hers, Names none, Function<Names, String> ask) {
        var seen = new AtomicReference<Seen>();
        await().untilAsserted(() -> {
            Seen foreign = see(bob, hers, ask);
            assertThat(foreign).as(what).isEqualTo(see(bob, none, ask));
            seen.set(foreign);
        });
        return seen.get();
    }

    private static Seen see(Browser bob, Names names, Function<Names, String> ask) throws Exception {
        StringBuilder answer = new StringBuilder();
        List<String> commands = commandsOf(bob, names.conversation(), () -> answer.append(ask.apply(names)));
        return new Seen(
                answer.toString().replace(names.conversation(), "<conversation>"),
                commands.stream()
                        .map(command -> command.replace(names.conversation(), "<conversation>"))
                        .map(AbsentIT::nameAndKey)
                        .toList());
    }

    private static String nameAndKey(String command) {
        String[] words = command.split("\" \"", 3);
        return words[0] + " " + words[Math.min(1, words.length - 1)];
    }

    /**
     * What was asked in the name of this user or of this conversation, each script with what it did. When a replica
     * ceases to listen is its own affair.
     */
    private static List<String> commandsOf(Browser user, String conversation, RedisMonitor.Action action)
            throws Exception {
        List<String> commands = new ArrayList<>();
        boolean isMeant = false;
        for (String command : monitor.during(action)) {
            boolean isOfAScript = command.startsWith("lua ");
            if (!isOfAScript) {
                isMeant = !command.startsWith("\"UNSUBSCRIBE\"")
                        && (command.contains(user.userId().value()) || command.contains(conversation));
            }
            if (isMeant) {
                commands.add(command);
            }
        }
        return commands;
    }
}
