package chat.parley.conversation.reply;

import chat.parley.conversation.history.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Does things again and again, each on a virtual thread of its own, so that one that is held up holds up no other. */
@Component
class Rounds implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    private final List<Round> rounds = new ArrayList<>();
    private volatile boolean running;

    private record Round(String name, Duration pause, Runnable task) {}

    /** Does the task whenever the last time is over for so long. A failure is logged, and the next round comes. */
    void every(Duration pause, String name, Runnable task) {
        rounds.add(new Round(name, pause, task));
    }

    @Override
    public void start() {
        running = true;
        rounds.forEach(round -> Thread.ofVirtual().name(round.name()).start(() -> run(round)));
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run(Round round) {
        while (running) {
            try {
                round.task().run();
            } catch (RefusedException e) {
                log.debug("No {} just now: {}", round.name(), e.getMessage());
            } catch (RuntimeException | Error e) {
                if (running) {
                    log.warn("The {} failed", round.name(), e);
                }
            }
            try {
                Thread.sleep(round.pause());
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
