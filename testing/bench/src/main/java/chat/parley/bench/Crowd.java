package chat.parley.bench;

import chat.parley.e2e.client.Session;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Many guests, each with one socket, that come from several addresses of this machine. */
final class Crowd implements AutoCloseable {
    /** From one address to one port there are about 28,000 connections, those included that have just been closed. */
    private static final int ADDRESSES = 8;
    /** How many come at once where it is not measured how long they take. */
    private static final int AT_ONCE = 32;

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
        Semaphore door = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Visit>> coming = new ArrayList<>();
            for (int i = size(); i < count; i++) {
                door.acquire();
                coming.add(threads.submit(() -> {
                    try {
                        Visit visit =
                                visit(new Guest(Session.open(page).cookie().orElseThrow()));
                        var _ = visit.seen().join();
                        return visit;
                    } finally {
                        door.release();
                    }
                }));
            }
            for (Future<Visit> one : coming) {
                visits.add(one.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Not all of " + count + " sockets could be opened: " + e.getCause(), e);
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
        Semaphore door = new Semaphore(AT_ONCE);
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (Visit visit : visits) {
            door.acquire();
            answers.add(visit.ask(question).whenComplete((answer, failure) -> door.release()));
        }
        answers.forEach(CompletableFuture::join);
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
    List<Visit.Seen> await(Return coming) throws InterruptedException {
        visits = coming.await();
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
