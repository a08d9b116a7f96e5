package chat.parley.e2e;

import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Turn;
import chat.parley.e2e.stack.Stack;
import chat.parley.stub.StubReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What must hold after every fault, whatever it was. It drains first and checks then. Contiguous positions, no repeats,
 * one end for each reply, turns, and no words of an old attempt (I2, I4, I5, I6) are checked by the clients themselves
 * as the events come; here it is that they saw all of it, and what lies behind them.
 */
public final class Invariants {
    /** How long the stub's replies are where a question says nothing else. */
    public static final int STUB_TOKENS = StubReply.DEFAULT_TOKENS;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Stack stack;
    private final List<String> broken = new ArrayList<>();

    private Invariants(Stack stack) {
        this.stack = stack;
    }

    /**
     * What a fault may leave behind.
     *
     * @param rewinds how often the store was set back under each of the chats
     * @param deadLetters that are recorded in all
     */
    public record Expected(int rewinds, long deadLetters) {}

    /**
     * Checks everything that these clients did.
     *
     * @param turns all that they asked, by the chat in which they did
     * @param expected what the fault may have left behind
     * @throws AssertionError that names all that is broken
     */
    public static void check(Stack stack, Map<Chat, List<Turn>> turns, List<ParleyClient> clients, Expected expected) {
        Invariants invariants = new Invariants(stack);
        turns.forEach((chat, asked) -> asked.forEach(chat::awaitEnd));
        invariants.drain();
        turns.forEach(invariants::checkTurns);
        clients.forEach(client -> {
            client.check();
            client.chats().forEach(chat -> invariants.checkChat(client, chat, expected.rewinds()));
        });
        invariants.checkDeadLetters(expected.deadLetters());
        invariants.fail();
    }

    /**
     * Checks what one person did, while others go on.
     *
     * @throws AssertionError that names all that is broken
     */
    public static void check(Stack stack, ParleyClient client, Chat chat, List<Turn> asked) {
        Invariants invariants = new Invariants(stack);
        asked.forEach(chat::awaitEnd);
        invariants.checkTurns(chat, asked);
        client.check();
        invariants.checkChat(client, chat, 0);
        invariants.fail();
    }

    private void fail() {
        if (!broken.isEmpty()) {
            throw new AssertionError(String.join("\n", broken));
        }
    }

    /** I7: nothing is under way any more. */
    private void drain() {
        long deadline = System.nanoTime() + ParleyClient.PATIENCE.toNanos();
        Map<String, Long> left = stack.backstage().underWay();
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                broken.add("I7: still under way: " + left);
                return;
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted", e);
            }
            left = stack.backstage().underWay();
        }
    }

    /** I1 and I3: what was accepted is there once, and its reply is the model's whole text. */
    private void checkTurns(Chat chat, List<Turn> asked) {
        for (Turn turn : asked) {
            if (!turn.accepted().isDone()) {
                broken.add("I1: never answered: " + turn);
            }
            Message reply = chat.message(turn.replyId()).orElseThrow();
            String whole = chat.expected(turn, STUB_TOKENS);
            boolean right = reply.status() == Message.Status.COMPLETE
                    ? reply.text().equals(whole)
                    : whole.startsWith(reply.text());
            if (!right) {
                broken.add("I3: " + reply + " instead of " + whole);
            }
        }
    }

    /** I3 and I4: the API shows what was seen, and the log has what was seen. */
    private void checkChat(ParleyClient client, Chat chat, int rewinds) {
        chat.differencesFromApi().forEach(difference -> broken.add("I3: seen and read differ: " + difference));
        if (!chat.open().isEmpty()) {
            broken.add("I2: not ended: " + chat.open());
        }
        if (chat.rewinds() > rewinds) {
            broken.add("I4: the store came back older: " + chat);
        }
        List<Long> positions = stack.backstage().positions(client.session().userId(), chat.id());
        List<Long> contiguous = positions.isEmpty()
                ? List.of()
                : LongStream.rangeClosed(positions.getFirst(), chat.seq())
                        .boxed()
                        .toList();
        if (!positions.equals(contiguous)) {
            broken.add("I4: the log has gaps: " + positions);
        }
    }

    private void checkDeadLetters(long expected) {
        long found = stack.backstage().deadLetters();
        if (found != expected) {
            broken.add("I7: " + found + " dead letters, not " + expected);
        }
    }
}
