package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private final Rounds rounds = new Rounds();
    private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        rounds.stop();
    }

    @Test
    void goesOnAfterAFailure() throws Exception {
        rounds.every(Duration.ofMillis(1), "test", () -> {
            threads.add(Thread.currentThread());
            throw new IllegalStateException("as the test wants");
        });
        rounds.start();

        assertThat(next()).isSameAs(next());
    }

    @Test
    void leavesNoThreadBehindThatWaitsForItsNextRound() throws Exception {
        rounds.every(Duration.ofHours(1), "test", () -> threads.add(Thread.currentThread()));
        rounds.start();
        Thread thread = next();

        rounds.stop();

        assertThat(rounds.isRunning()).isFalse();
        await().until(() -> !thread.isAlive());
    }

    @Test
    void doesEachTaskOnOneThreadAfterItIsStartedAgain() throws Exception {
        rounds.every(Duration.ofMillis(1), "test", () -> threads.add(Thread.currentThread()));
        rounds.start();
        Thread before = next();

        rounds.stop();
        rounds.start();

        await().until(() -> !before.isAlive());
        assertThat(rounds.isRunning()).isTrue();
        await().until(() -> next() != before);
    }

    private Thread next() throws InterruptedException {
        Thread thread = threads.poll(20, TimeUnit.SECONDS);
        assertThat(thread).as("a round").isNotNull();
        return thread;
    }
}
