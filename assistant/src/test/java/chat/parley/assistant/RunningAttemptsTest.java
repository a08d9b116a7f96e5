package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.ReplyName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits here have no end of their own: one that is never told would last for ever. */
@Timeout(60)
class RunningAttemptsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final RunningAttempts attempts = new RunningAttempts(timer);
    private final RunningAttempts.Attempt attempt =
            attempts.begin(ReplyName.parse("u/c/r"), 1).orElseThrow();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void aWaitEndsWhenItsTimeIsOverAndNotBefore() throws InterruptedException {
        for (int wait = 0; wait <= 250; wait += 50) {
            long begin = System.nanoTime();
            assertThat(attempt.next(Duration.ofMillis(wait))).isEmpty();
            assertThat(System.nanoTime() - begin)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(wait).toNanos());
        }
    }

    @Test
    void toBeToldOfAnEarlierWaitEndsNoLaterOne() throws InterruptedException {
        timer.shutdownNow();
        for (int time = 0; time < 20; time++) {
            Thread waiting = Thread.ofPlatform().start(() -> {
                var _ = next(Duration.ZERO);
            });
            await().until(waiting::getState, Thread.State.WAITING::equals);
            attempts.look();
            attempts.look();
            waiting.join();
            attempt.tell(new Signal.Drained());
            assertThat(next(Duration.ofDays(1))).contains(new Signal.Drained());
        }
    }

    @Test
    void everyWaitEndsAndNothingIsLostWhenSignalsComeWhileTimesEnd() throws Exception {
        int waits = 40;
        int told = 40;
        try (ExecutorService teller = Executors.newSingleThreadExecutor()) {
            var _ = teller.submit(() -> {
                for (int number = 0; number < told; number++) {
                    attempt.tell(new Signal.Chunk(String.valueOf(number), null, null));
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000));
                }
            });
            int heard = 0;
            for (int wait = 0; wait < waits || heard < told; wait++) {
                Optional<Signal> next = attempt.next(Duration.ofNanos(wait % 2 == 0 ? 1 : 5_000_000));
                if (next.isPresent()) {
                    assertThat(next).contains(new Signal.Chunk(String.valueOf(heard), null, null));
                    heard++;
                }
            }
            assertThat(heard).isEqualTo(told);
        }
    }

    @Test
    void aPauseEndsWithoutAnybodysHelp() throws InterruptedException {
        timer.shutdownNow();
        assertThat(attempt.pause(Duration.ofMillis(10))).isEmpty();
        attempt.tell(new Signal.Cancelled());
        assertThat(attempt.pause(Duration.ofDays(1))).contains(new Signal.Cancelled());
    }

    private Optional<Signal> next(Duration time) {
        try {
            return attempt.next(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
