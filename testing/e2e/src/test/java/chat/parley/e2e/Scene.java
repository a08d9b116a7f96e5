package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Seen;
import chat.parley.e2e.client.Turn;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** People who ask while something breaks, and what must be true afterwards. */
final class Scene implements AutoCloseable {
    private static final int LONG_REPLY_TOKENS = 150;

    private final Stack stack;
    private final List<ParleyClient> clients = new ArrayList<>();
    private final Map<Chat, List<Turn>> turns = new LinkedHashMap<>();

    Scene(Stack stack) {
        this.stack = stack;
    }

    /**
     * One question.
     *
     * @param words how it starts; no other question does
     */
    record Asked(Chat chat, Turn turn, String words) {}

    ParleyClient newClient() {
        ParleyClient client = ParleyClient.connect(stack.url());
        clients.add(client);
        return client;
    }

    /** A question in a new conversation of a new person, whose answer takes about seven seconds. */
    Asked askSlowly() {
        return ask(newClient().newChat(), "rate=20 tokens=" + LONG_REPLY_TOKENS);
    }

    /** Questions of so many people, all being answered. */
    List<Asked> askSlowly(int people) {
        List<Asked> asked =
                IntStream.range(0, people).mapToObj(_ -> askSlowly()).toList();
        asked.forEach(one -> one.chat().awaitText(one.turn(), 10));
        return asked;
    }

    Asked ask(Chat chat, String behavior) {
        String words = "Question " + UUID.randomUUID();
        Turn turn = chat.say(words + " [[" + behavior + "]]");
        turns.computeIfAbsent(chat, _ -> new ArrayList<>()).add(turn);
        return new Asked(chat, turn, words);
    }

    /** How often the model was called for a question. */
    int modelCalls(Asked asked) {
        return stack.model().callsFor(asked.words()).size();
    }

    /** The worker that writes, if only one reply is being written: the one to whom the model speaks. */
    ProcessPart writer() {
        List<TcpProxy> hops = IntStream.range(0, stack.assistants().size())
                .mapToObj(index -> stack.proxy(Hop.ASSISTANT_STUB, index))
                .toList();
        List<Long> before = hops.stream().map(TcpProxy::passed).toList();
        int[] writer = {-1};
        await("a worker that writes", () -> {
            for (int i = 0; i < hops.size(); i++) {
                writer[0] = hops.get(i).passed() > before.get(i) ? i : writer[0];
            }
            return writer[0] >= 0;
        });
        return stack.assistant(writer[0]);
    }

    /** The Conversation that holds the socket, if there is only one socket. */
    ProcessPart holder() {
        await("a replica with a socket", () -> holders().size() == 1);
        return holders().getFirst();
    }

    private List<ProcessPart> holders() {
        return IntStream.range(0, stack.conversations().size())
                .filter(index -> stack.conversation(index).isRunning() && stack.sockets(index) > 0)
                .mapToObj(stack::conversation)
                .toList();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + ParleyClient.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within " + ParleyClient.PATIENCE + ": " + what);
            }
            Thread.onSpinWait();
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /**
     * Waits for the first event since a moment of which this holds; notes down how long it took, and judges nothing.
     */
    Seen recovered(String what, Asked asked, long since, Predicate<Seen> progress) {
        Seen seen = asked.chat().awaitEvent(what, one -> one.nanos() > since && progress.test(one));
        note(what, Duration.ofNanos(seen.nanos() - since));
        return seen;
    }

    /** Any step of the reply is progress. */
    Seen recovered(String what, Asked asked, long since) {
        return recovered(
                what,
                asked,
                since,
                one -> one.event()
                        .path("replyId")
                        .asString("")
                        .equals(asked.turn().replyId()));
    }

    @SuppressWarnings("SystemOut") // a measurement is part of the test run's output
    private void note(String what, Duration time) {
        String line = "recovery: " + what + ": " + time.toMillis() + " ms";
        System.out.println(line);
        try {
            Files.writeString(
                    stack.folder().resolveSibling("recovery.txt"),
                    line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if anything that must hold after every fault does not, or if the model was called too often. */
    void check(int callsPerQuestion, List<Asked> asked) {
        Invariants.check(stack, turns, clients);
        for (Asked one : asked) {
            assertThat(modelCalls(one)).as("model calls for " + one.words()).isEqualTo(callsPerQuestion);
            assertThat(one.chat().snapshots()).as("snapshots of " + one.words()).isEqualTo(1);
        }
    }

    @Override
    public void close() {
        clients.forEach(ParleyClient::close);
    }
}
