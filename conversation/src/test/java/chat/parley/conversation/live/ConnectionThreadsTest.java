package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionThreadsTest {
    private static final int AT_ONCE = 3;
    private static final int TASKS = 50;

    @Test
    void runsAllButNotAllAtOnce() throws InterruptedException {
        ConnectionThreads threads = new ConnectionThreads(AT_ONCE);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(AT_ONCE);
        CountDownLatch done = new CountDownLatch(TASKS);

        for (int i = 0; i < TASKS; i++) {
            threads.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                full.countDown();
                await(full);
                running.decrementAndGet();
                done.countDown();
            });
        }

        done.await();
        assertThat(most).hasValue(AT_ONCE);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
