package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionThreadsTest {
    private static final int AT_ONCE = 3;
    private static final int TASKS = 50;

    @Test
    void runsAllButNotAllAtOnce() throws InterruptedException {
        ConnectionThreads threads = new ConnectionThreads(AT_ONCE, _ -> true);
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

    @Test
    void letsNothingWaitThatIsNotIncoming() throws InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        Runnable outgoing = written::countDown;
        ConnectionThreads threads = new ConnectionThreads(AT_ONCE, task -> !task.equals(outgoing));
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < AT_ONCE; i++) {
            threads.execute(() -> await(end));
        }

        threads.execute(outgoing);

        assertThat(written.await(1, TimeUnit.MINUTES)).isTrue();
        end.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
