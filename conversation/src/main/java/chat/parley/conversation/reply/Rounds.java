package chat.parley.conversation.reply;

import chat.parley.conversation.history.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Does things again and again, each on a virtual thread of its own, so that one that is held up holds up no other. */
@Component
class Rounds implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    private final List<Round> rounds = new ArrayList<>();
    /** Open at zero. Each start has its own, so that no round of an earlier one goes on. */
    private volatile CountDownLatch stopped = new CountDownLatch(0);

    private record Round(String name, Duration pause, Runnable task) {}

    /** Does the task whenever the last time is over for so long. A failure is logged, and the next round comes. */
    void every(Duration pause, String name, Runnable task) {
        rounds.add(new Round(name, pause, task));
    }

    @Override
    public void start() {
        CountDownLatch end = new CountDownLatch(1);
        stopped = end;
        rounds.forEach(round -> Thread.ofVirtual().name(round.name()).start(() -> run(round, end)));
    }

    @Override
    public void stop() {
        stopped.countDown(); // or a round that waits for an hour would keep all that it knows for so long
    }

    @Override
    public boolean isRunning() {
        return stopped.getCount() > 0;
    }

    private static void run(Round round, CountDownLatch end) {
        try {
            do {
                once(round, end);
            } while (!end.await(round.pause().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void once(Round round, CountDownLatch end) {
        try {
            round.task().run();
        } catch (RefusedException e) {
            log.debug("No {} just now: {}", round.name(), e.getMessage());
        } catch (RuntimeException | Error e) {
            if (end.getCount() > 0) {
                log.warn("The {} failed", round.name(), e);
            }
        }
    }
}
