package chat.parley.conversation.live;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * Runs what comes on connections, each on a virtual thread of its own, and only so many at once. A call takes about 100
 * KB while it is worked on, a handshake too: when a network is back thousands come in the same second, and all at once
 * they would take the whole heap. Those that wait for their turn take next to nothing.
 */
final class ConnectionThreads implements Executor {
    private final Thread.Builder.OfVirtual threads = Thread.ofVirtual().name("connection-", 0);
    private final Semaphore turns;
    private final Predicate<Runnable> incoming;

    /**
     * @param incoming what takes a turn. All else runs at once, such as the next piece of a text that is being written:
     *     it would wait behind all others once per piece
     */
    ConnectionThreads(int atOnce, Predicate<Runnable> incoming) {
        turns = new Semaphore(atOnce, true);
        this.incoming = incoming;
    }

    @Override
    public void execute(Runnable task) {
        Thread _ = threads.start(incoming.test(task) ? () -> runInTurn(task) : task);
    }

    private void runInTurn(Runnable task) {
        turns.acquireUninterruptibly();
        try {
            task.run();
        } finally {
            turns.release();
        }
    }
}
