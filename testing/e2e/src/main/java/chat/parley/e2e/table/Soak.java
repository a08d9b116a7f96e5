package chat.parley.e2e.table;

import chat.parley.e2e.Invariants;
import chat.parley.e2e.Scene;
import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.Turn;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/** People who ask all the time, sockets that only listen, and a random fault again and again. */
@SuppressWarnings("SystemOut") // a long run says what it does
final class Soak {
    private static final int TURNS_OF_ONE_PERSON = 3;
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
    private final List<Map<String, Long>> samples = new ArrayList<>();
    /** Read by those who look behind the services, which nobody can during a fault; written by the fault. */
    private final ReadWriteLock stillness = new ReentrantReadWriteLock(true);

    private volatile boolean over;
    private volatile long calmSince = System.nanoTime();
    private volatile boolean faulty;

    /**
     * How much is going on.
     *
     * @param streams replies at once
     * @param idle sockets that only listen
     * @param faultEvery from the beginning of one fault to that of the next
     */
    record Load(Duration length, int streams, int idle, Duration faultEvery) {}

    Soak(Scene scene, Load load) {
        this.scene = scene;
        this.stack = scene.stack();
        this.load = load;
    }

    /** Runs for its length and drains; fails if anything did not hold. */
    void run() throws InterruptedException {
        List<ParleyClient> idle =
                IntStream.range(0, load.idle()).mapToObj(_ -> scene.newClient()).toList();
        List<Thread> people = IntStream.range(0, load.streams())
                .mapToObj(number -> Thread.ofVirtual().name("person-" + number).start(this::askAndAsk))
                .toList();
        long end = System.nanoTime() + load.length().toNanos();
        RandomFaults faults = new RandomFaults(scene);
        while (System.nanoTime() < end && broken.isEmpty()) {
            long next = System.nanoTime() + load.faultEvery().toNanos();
            breakOnce(faults.next());
            Scene.last(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            sample();
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
        sayAccepts();
        saySamples();
    }

    private void breakOnce(RandomFaults.One fault) {
        Duration length = Duration.ofMillis(scene.chance((int) LONGEST_FAULT.toMillis()));
        stillness.writeLock().lock();
        try {
            faulty = true;
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
        boolean calm = !faulty && calmFor().compareTo(AFTERMATH) > 0;
        long start = System.nanoTime();
        Turn turn = chat.say("Question " + UUID.randomUUID() + " [[" + Scene.slowly(Duration.ofSeconds(5)) + "]]");
        turn.accepted().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (calm && !faulty) {
            accepts.add(Duration.ofNanos(System.nanoTime() - start));
        }
        chat.await("an answer", PATIENCE, () -> chat.message(turn.replyId()).isPresent());
        Message reply = chat.awaitCompleted(turn);
        if (!reply.text().equals(chat.expected(turn, Invariants.STUB_TOKENS))) {
            throw new AssertionError("Not the whole answer: " + reply);
        }
        answered.incrementAndGet();
        return turn;
    }

    private void sample() {
        Map<String, Long> sample = new java.util.TreeMap<>();
        List<ProcessPart> services = new ArrayList<>(stack.conversations());
        services.addAll(stack.assistants());
        for (ProcessPart service : services) {
            try {
                sample.put(service.name() + " heap MB", (long)
                        (stack.metrics(service).value("jvm.memory.used", "area:heap") / 1_000_000));
                sample.put(service.name() + " threads", (long)
                        stack.metrics(service).value("jvm.threads.live"));
            } catch (java.io.UncheckedIOException e) {
                sample.put(service.name() + " heap MB", -1L);
            }
        }
        samples.add(sample);
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

    private void saySamples() {
        if (!samples.isEmpty()) {
            say("in the first quarter: " + samples.get(samples.size() / 4));
            say("in the end:           " + samples.getLast());
        }
    }

    private static void say(String text) {
        System.out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + text);
    }
}
