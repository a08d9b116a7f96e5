package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Invariants;
import chat.parley.e2e.Scene;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Turn;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** People who ask all the time, sockets that only listen, and a random fault again and again. */
@SuppressWarnings("SystemOut") // a long run says what it does
final class Soak {
    private static final int TURNS_OF_ONE_PERSON = 3;
    private static final int FAULTS_PER_SAMPLE = 3;
    private static final Duration LONGEST_FAULT = Duration.ofSeconds(8);
    /** A fault is not over for those who wait when it is healed. */
    private static final Duration AFTERMATH = Duration.ofSeconds(12);
    /** One reply can meet several faults, one after the other. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Scene scene;
    private final Stack stack;
    private final Load load;
    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Duration> accepts = new ConcurrentLinkedQueue<>();
    private final Growth growth = new Growth();
    private final long start = System.nanoTime();
    /** Read by those who look behind the services, which nobody can during a fault; written by the fault. */
    private final ReadWriteLock stillness = new ReentrantReadWriteLock(true);

    private final Map<Processes.Tier, Double> calmCpu = new EnumMap<>(Processes.Tier.class);
    private double calmSeconds;

    private volatile boolean over;
    private volatile long calmSince = System.nanoTime();
    private volatile boolean faulty;

    /**
     * How much is going on.
     *
     * @param streams replies at once
     * @param idle sockets that only listen
     * @param faultEvery from the beginning of one fault to that of the next
     * @param spared faults with this in their names are left out; null for none
     */
    record Load(
            Duration length,
            int streams,
            int idle,
            Duration faultEvery,
            @Nullable String spared) {}

    Soak(Scene scene, Load load) {
        this.scene = scene;
        this.stack = scene.stack();
        this.load = load;
    }

    /** Runs for its length and drains; fails if anything did not hold. */
    void run() throws InterruptedException, IOException {
        List<ParleyClient> idle =
                IntStream.range(0, load.idle()).mapToObj(_ -> scene.newClient()).toList();
        List<Thread> people = IntStream.range(0, load.streams())
                .mapToObj(number -> Thread.ofVirtual().name("person-" + number).start(this::askAndAsk))
                .toList();
        long end = System.nanoTime() + load.length().toNanos();
        RandomFaults faults = new RandomFaults(scene, load.spared());
        for (int time = 1; System.nanoTime() < end && broken.isEmpty(); time++) {
            long next = System.nanoTime() + load.faultEvery().toNanos();
            breakOnce(faults.next(), time % FAULTS_PER_SAMPLE == 0);
            long calm = System.nanoTime() + AFTERMATH.toNanos();
            lastUntil(Math.min(calm, Math.min(next, end)));
            if (calm < next) {
                calmCost(Math.min(next, end));
            }
        }
        over = true;
        for (Thread person : people) {
            person.join();
        }
        if (!broken.isEmpty()) {
            AssertionError error = new AssertionError(broken.size() + " people saw a broken promise, the first: "
                    + broken.peek().getMessage());
            broken.forEach(error::addSuppressed);
            throw error;
        }
        idle.forEach(ParleyClient::check);
        scene.checkInvariants(0, 0);
        say(answered.get() + " replies, all whole");
        scene.count("replies of a soak", answered.get());
        sayAccepts();
        sayCpu();
        checkGrowth();
    }

    private static void lastUntil(long time) {
        Scene.last(Duration.ofNanos(Math.max(0, time - System.nanoTime())));
    }

    /** Lasts, and counts what everyone's work costs meanwhile. */
    private void calmCost(long until) throws IOException {
        long from = System.nanoTime();
        Processes before = Processes.now();
        lastUntil(until);
        Processes.now().cpuSecondsSince(before).forEach((tier, seconds) -> calmCpu.merge(tier, seconds, Double::sum));
        calmSeconds += Duration.ofNanos(System.nanoTime() - from).toMillis() / 1000.0;
    }

    private void breakOnce(RandomFaults.One fault, boolean sampleBefore) {
        Duration length = Duration.ofMillis(scene.chance((int) LONGEST_FAULT.toMillis()));
        stillness.writeLock().lock();
        try {
            faulty = true;
            if (sampleBefore) {
                sample();
            }
            say(fault.name() + " for " + length.toMillis() + " ms; " + answered + " replies so far");
            try (Fault _ = fault.begin().get()) {
                Scene.last(length);
            }
            stack.heal();
        } finally {
            stillness.writeLock().unlock();
        }
        calmSince = System.nanoTime();
        faulty = false;
    }

    private void askAndAsk() {
        while (!over && broken.isEmpty()) {
            try (ParleyClient person = ParleyClient.connect(stack.url())) {
                Chat chat = person.newChat();
                List<Turn> turns = new ArrayList<>();
                do {
                    turns.add(ask(chat));
                } while (turns.size() < TURNS_OF_ONE_PERSON && !over);
                check(person, chat, turns);
            } catch (IllegalStateException | java.io.UncheckedIOException e) {
                // It never came in, because of the fault: nothing was promised.
                if (!faulty && calmFor().compareTo(AFTERMATH) > 0) {
                    broken.add(e);
                }
            } catch (RuntimeException | AssertionError e) {
                broken.add(e);
            }
        }
    }

    private void check(ParleyClient person, Chat chat, List<Turn> turns) {
        stillness.readLock().lock();
        try {
            Invariants.check(stack, person, chat, turns);
        } finally {
            stillness.readLock().unlock();
        }
    }

    private Duration calmFor() {
        return Duration.ofNanos(System.nanoTime() - calmSince);
    }

    private Turn ask(Chat chat) {
        long calm = calmSince;
        boolean measured = !faulty && calmFor().compareTo(AFTERMATH) > 0;
        long asked = System.nanoTime();
        Turn turn = chat.say("Question " + UUID.randomUUID() + " [[" + Scene.slowly(Duration.ofSeconds(5)) + "]]");
        turn.accepted().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (measured && !faulty && calm == calmSince) {
            accepts.add(Duration.ofNanos(System.nanoTime() - asked));
        }
        chat.await("an answer", PATIENCE, () -> chat.message(turn.replyId()).isPresent());
        Message reply = chat.awaitCompleted(turn);
        if (!reply.text().equals(chat.expected(turn, Invariants.STUB_TOKENS))) {
            throw new AssertionError("Not the whole answer: " + reply);
        }
        answered.incrementAndGet();
        return turn;
    }

    /** What nobody may hold more and more of. The collections take time from whoever asks meanwhile. */
    private void sample() {
        Map<String, Double> sample = new TreeMap<>();
        add(sample, "Conversation", stack.conversations());
        add(sample, "Assistant", stack.assistants());
        stack.rabbitHoldings().forEach((what, count) -> sample.put("RabbitMQ " + what, (double) count));
        sample.put("Redis connections", (double) stack.backstage().redisConnections());
        sample.put("requests waiting", (double) stack.backstage().waitingRequests());
        say(sample.toString());
        growth.add(Duration.ofNanos(System.nanoTime() - start), sample);
    }

    private void add(Map<String, Double> sample, String name, List<ProcessPart> services) {
        services.forEach(service ->
                stack.holdings(service).forEach((what, value) -> sample.merge(name + " " + what, value, Double::sum)));
    }

    private void sayAccepts() {
        List<Duration> sorted = accepts.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            say(String.format(
                    Locale.ROOT,
                    "accept outside of faults, %d times: p50 %d ms, p99 %d ms, worst %d ms",
                    sorted.size(),
                    sorted.get(sorted.size() / 2).toMillis(),
                    sorted.get((int) (sorted.size() * 0.99)).toMillis(),
                    sorted.getLast().toMillis()));
        }
    }

    /** Whom those who wait for an accept wait behind. */
    private void sayCpu() {
        if (calmSeconds == 0) {
            return;
        }
        String each = calmCpu.entrySet().stream()
                .map(use -> String.format(Locale.ROOT, "%s %.2f", use.getKey().title(), use.getValue() / calmSeconds))
                .collect(Collectors.joining(", "));
        say(String.format(
                Locale.ROOT,
                "processors kept busy outside of faults, of %d, in %.0f s: %s",
                Runtime.getRuntime().availableProcessors(),
                calmSeconds,
                each));
    }

    /** I8 */
    private void checkGrowth() {
        List<Growth.Line> lines = growth.lines();
        lines.forEach(line -> say(line.toString()));
        assertThat(lines).filteredOn(Growth.Line::isLeak).isEmpty();
    }

    private static void say(String text) {
        System.out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + text);
    }
}
