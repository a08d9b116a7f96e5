package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Seen;
import chat.parley.e2e.client.Session;
import chat.parley.e2e.client.Turn;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.points.Point;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** People who ask while something breaks, and what must be true afterwards. */
public final class Scene implements AutoCloseable {
    /** How fast a slow answer is written. */
    private static final int TOKENS_PER_SECOND = 20;

    private static final Duration SLOW_ANSWER = Duration.ofMillis(7500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    /** As Conversation has it by default. */
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private final Stack stack;
    private final Pace pace;
    private final Random random;
    private final long lettersBefore;
    private final List<ParleyClient> clients = new ArrayList<>();
    private final Map<Chat, List<Turn>> turns = new LinkedHashMap<>();
    private final List<Recovery> recoveries = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();

    /**
     * Makes one that nobody has entered.
     *
     * @param random decides what is left to chance
     */
    public Scene(Stack stack, Pace pace, Random random) {
        this.stack = stack;
        this.pace = pace;
        this.random = random;
        this.lettersBefore = stack.backstage().deadLetters();
    }

    /**
     * One question.
     *
     * @param words how it starts; no other question does
     */
    public record Asked(Chat chat, Turn turn, String words) {
        /** Waits for the whole answer; fails if it is another, or none. */
        public Message awaitWhole() {
            Message reply = chat.awaitCompleted(turn);
            assertThat(reply.text()).isEqualTo(chat.expected(turn, Invariants.STUB_TOKENS));
            return reply;
        }

        /** How many attempts were seen to start. */
        public int attempts() {
            return (int) chat.attempts(turn);
        }

        /** Waits until so much of the answer is shown, and it goes on. */
        public void awaitText(int characters) {
            chat.awaitText(turn, characters);
        }
    }

    /** What breaks. */
    public Stack stack() {
        return stack;
    }

    /** Whether times have their real length. */
    public Pace pace() {
        return pace;
    }

    /** A length of time, as the pace wants it. */
    public Duration time(Duration real, Duration shrunk) {
        return pace.of(real, shrunk);
    }

    /** A number from 0 on, below the bound. */
    public int chance(int bound) {
        return random.nextInt(bound);
    }

    /** One of them. */
    public <T> T oneOf(List<T> all) {
        return all.get(chance(all.size()));
    }

    /** A new person with a page. */
    public ParleyClient newClient() {
        return newClient(stack.url());
    }

    /** A new person who comes by another address. */
    public ParleyClient newClient(URI page) {
        return add(ParleyClient.connect(page));
    }

    /** Another tab or device of someone. */
    public ParleyClient newClient(Session session) {
        return add(ParleyClient.connect(session));
    }

    private ParleyClient add(ParleyClient client) {
        clients.add(client);
        return client;
    }

    /** A question in a new conversation of a new person, whose answer takes about seven seconds. */
    public Asked askSlowly() {
        return askFor(SLOW_ANSWER);
    }

    /** A question in a new conversation of a new person, whose answer takes so long. */
    public Asked askFor(Duration length) {
        return ask(newClient().newChat(), slowly(length));
    }

    /** How the stub is told to take so long. */
    public static String slowly(Duration length) {
        return "rate=" + TOKENS_PER_SECOND + " tokens=" + length.toMillis() * TOKENS_PER_SECOND / 1000;
    }

    /** Questions of so many people, all being answered. */
    public List<Asked> askSlowly(int people) {
        return askFor(SLOW_ANSWER, people);
    }

    /** Questions of so many people, all being answered, for so long. */
    public List<Asked> askFor(Duration length, int people) {
        List<Asked> asked =
                IntStream.range(0, people).mapToObj(_ -> askFor(length)).toList();
        asked.forEach(one -> one.awaitText(10));
        return asked;
    }

    /** A question with directives for the stub, after the last reply that was asked for. */
    public Asked ask(Chat chat, String behavior) {
        String words = "Question " + UUID.randomUUID();
        return asked(chat, chat.say(words + " [[" + behavior + "]]"), words);
    }

    /** A question with directives for the stub, after some reply. */
    public Asked ask(Chat chat, String parentId, String behavior) {
        String words = "Question " + UUID.randomUUID();
        return asked(chat, chat.say(parentId, words + " [[" + behavior + "]]"), words);
    }

    /** Counts on nothing that was asked, since the fault has taken it away. */
    public void forget(Asked asked) {
        List<Turn> left = turns.get(asked.chat());
        if (left == null || !left.remove(asked.turn())) {
            throw new IllegalArgumentException("Never asked: " + asked);
        }
    }

    /** How many dead letters there are more than in the beginning. */
    public long deadLetters() {
        return stack.backstage().deadLetters() - lettersBefore;
    }

    /** Counts a question that was asked in another way. */
    public Asked asked(Chat chat, Turn turn, String words) {
        turns.computeIfAbsent(chat, _ -> new ArrayList<>()).add(turn);
        return new Asked(chat, turn, words);
    }

    /** How often the model was called for a question. */
    public int modelCalls(Asked asked) {
        return stack.model().callsFor(asked.words()).size();
    }

    /** The worker that writes, if only one reply is being written: the one to whom the model speaks. */
    public ProcessPart writer() {
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
    public ProcessPart holder() {
        await("a replica with a socket", () -> holders().size() == 1);
        return holders().getFirst();
    }

    private List<ProcessPart> holders() {
        return IntStream.range(0, stack.conversations().size())
                .filter(index -> stack.conversation(index).isRunning() && stack.sockets(index) > 0)
                .mapToObj(stack::conversation)
                .toList();
    }

    /** Has the next thread of these processes stop at a point, if its call is about these words. */
    public void arm(List<ProcessPart> parts, Point point, String words) {
        parts.forEach(part -> stack.points(part).arm(point, words));
    }

    /** Waits until one of them stands at the point. */
    public ProcessPart awaitReached(List<ProcessPart> parts, Point point) {
        await("someone at " + point, () -> reached(parts, point).isPresent());
        return reached(parts, point).orElseThrow();
    }

    private Optional<ProcessPart> reached(List<ProcessPart> parts, Point point) {
        return parts.stream()
                .filter(part -> stack.points(part).isReached(point))
                .findFirst();
    }

    /** Kills the first of them that comes to the point; nobody is stopped there any more. */
    public ProcessPart killAt(List<ProcessPart> parts, Point point) {
        ProcessPart reached = awaitReached(parts, point);
        parts.stream()
                .filter(part -> part != reached)
                .forEach(part -> stack.points(part).disarm(point));
        reached.kill();
        stack.points(reached).disarm(point);
        return reached;
    }

    /**
     * Waits until every connection to RabbitMQ is so old that a lost worker is not given the longer time in which,
     * after an outage, living ones come back.
     */
    public void awaitNoYoungConnection() {
        Instant youngest = stack.rabbitControl("--silent", "list_connections", "connected_at")
                .lines()
                .map(line -> Instant.ofEpochMilli(Long.parseLong(line.strip())))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Duration left = Duration.between(Instant.now(), youngest.plus(YOUNG));
        if (left.isPositive()) {
            last(left);
        }
    }

    /** Waits for a condition on what is behind the page. */
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + ParleyClient.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within " + ParleyClient.PATIENCE + ": " + what);
            }
            last(LOOK_AGAIN);
        }
    }

    /** Lets a fault last for so long; nothing is waited for. */
    public static void last(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /**
     * Waits for the first event since a moment of which this holds; notes down how long it took, and judges nothing.
     */
    public Seen recovered(String what, Asked asked, long since, Predicate<Seen> progress) {
        Seen seen = asked.chat().awaitEvent(what, one -> one.nanos() > since && progress.test(one));
        recoveries.add(new Recovery(what, Duration.ofNanos(seen.nanos() - since)));
        return seen;
    }

    /** Any step of the reply is progress. */
    public Seen recovered(String what, Asked asked, long since) {
        return recovered(
                what,
                asked,
                since,
                one -> one.event()
                        .path("replyId")
                        .asString("")
                        .equals(asked.turn().replyId()));
    }

    /** Notes down that something happened so often, and judges nothing. */
    public void count(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    /** All that was counted so far. */
    public Map<String, Long> counts() {
        return Map.copyOf(counts);
    }

    /** All recoveries so far. */
    public List<Recovery> recoveries() {
        return List.copyOf(recoveries);
    }

    /** Fails if any of them was begun anew. */
    public static void assertSameAttempt(List<Asked> asked) {
        assertThat(asked).allSatisfy(one -> assertThat(one.attempts()).isEqualTo(1));
    }

    /** Fails if anything that must hold after every fault does not, or if the model was called too often. */
    public void check(int callsPerQuestion, List<Asked> asked) {
        checkInvariants(0, 0);
        for (Asked one : asked) {
            assertThat(modelCalls(one)).as("model calls for " + one.words()).isEqualTo(callsPerQuestion);
            assertThat(one.chat().snapshots()).as("snapshots of " + one.words()).isEqualTo(1);
        }
    }

    /**
     * Fails if anything that must hold after every fault does not.
     *
     * @param rewinds how often the store was set back under each conversation
     * @param deadLetters how many there are to be
     */
    public void checkInvariants(int rewinds, int deadLetters) {
        Invariants.check(stack, turns, clients, new Invariants.Expected(rewinds, lettersBefore + deadLetters));
    }

    @Override
    public void close() {
        clients.forEach(ParleyClient::close);
    }
}
