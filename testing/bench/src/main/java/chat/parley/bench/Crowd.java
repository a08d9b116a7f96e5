package chat.parley.bench;

import chat.parley.bench.Visit.Seen;
import chat.parley.e2e.client.Session;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Many guests, each with one socket, that come from several addresses of this machine. */
final class Crowd implements AutoCloseable {
    /** From one address to one port there are about 28,000 connections, those included that have just been closed. */
    private static final int ADDRESSES = 8;
    /** How many come at once where it is not measured how long they take. */
    private static final int AT_ONCE = 32;
    /** How long one may take to come, or to get an answer, where that is not measured. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration RETURN_PATIENCE = Duration.ofMinutes(3);

    private final URI page;
    private final InetSocketAddress server;
    private final LeanSockets sockets = new LeanSockets();
    private final AtomicInteger opened = new AtomicInteger();
    private List<Visit> visits = new ArrayList<>();

    /** @param page what they connect to: a Conversation, or nginx */
    Crowd(URI page) throws IOException {
        this.page = page;
        this.server = new InetSocketAddress(page.getHost(), page.getPort());
    }

    int size() {
        return visits.size();
    }

    /** Returns once there are so many guests, each of whom looks at a conversation that nobody has written to. */
    void growTo(int count) throws InterruptedException {
        visits.addAll(doAll(Collections.nCopies(count - size(), this::newcomer)));
    }

    private Visit newcomer() throws InterruptedException {
        Visit visit = visit(new Guest(Session.open(page).cookie().orElseThrow()));
        Seen _ = Waiting.await(visit.seen(), PATIENCE);
        return visit;
    }

    /** Does all of it, some at a time. */
    private static <T> List<T> doAll(List<Callable<T>> tasks) throws InterruptedException {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<T>> coming = tasks.stream().map(threads::submit).toList();
            List<T> done = new ArrayList<>();
            try {
                for (Future<T> one : coming) {
                    done.add(one.get());
                }
            } catch (ExecutionException e) {
                // The others would only find the same, one after the other.
                threads.shutdownNow();
                throw new IllegalStateException(
                        "Only the first " + done.size() + " of " + tasks.size() + " guests were well: " + e.getCause(),
                        e);
            }
            return done;
        }
    }

    /** Begins to connect a guest. */
    Visit visit(Guest guest) {
        Visit visit = new Visit(guest);
        int address = 2 + opened.getAndIncrement() % ADDRESSES;
        try {
            sockets.open(server, new InetSocketAddress("127.0.0." + address, 0), guest.cookie(), visit);
        } catch (IOException e) {
            // Where nobody listens on this machine, that is known at once.
            visit.ended("no connection: " + e.getMessage());
        }
        return visit;
    }

    /** Each asks a question, and waits for the answer. */
    void askAll(String question) throws InterruptedException {
        List<Callable<Visit>> questions = new ArrayList<>();
        for (Visit visit : visits) {
            questions.add(() -> {
                Waiting.await(visit.ask(question), PATIENCE);
                return visit;
            });
        }
        List<Visit> _ = doAll(questions);
    }

    /** All are cut off, and come back at once. */
    Return cutAndComeBack() {
        List<Visit> before = visits;
        Return coming = new Return(before.size(), this::visit);
        before.forEach(Visit::cut);
        before.forEach(visit -> coming.at(visit.guest()));
        return coming;
    }

    /** All come back as soon as they notice that they have lost the server. */
    Return comeBackWhenLost() {
        Return coming = new Return(visits.size(), this::visit);
        for (Visit visit : visits) {
            var _ = visit.ended().thenRun(() -> coming.soon(visit.guest()));
        }
        return coming;
    }

    /** Those who are back, or are not within a few minutes: then something is wrong. */
    List<Seen> await(Return coming) throws InterruptedException {
        visits = new ArrayList<>(coming.await(RETURN_PATIENCE));
        return visits.stream().map(visit -> visit.seen().join()).toList();
    }

    /** How many connections have ended. */
    long lost() {
        return visits.stream().filter(visit -> visit.ended().isDone()).count();
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
