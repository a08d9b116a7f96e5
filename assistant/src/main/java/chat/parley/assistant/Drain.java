package chat.parley.assistant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The first thing that happens when the worker is asked to stop: no more requests; replies that are being written go on
 * for a while; what then is not ended is given back, so that another worker begins it at once.
 */
final class Drain implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Announcer announcer;
    private final RequestIntake intake;
    private final RunningAttempts attempts;
    private final AssistantProperties properties;
    private volatile boolean running;

    Drain(Announcer announcer, RequestIntake intake, RunningAttempts attempts, AssistantProperties properties) {
        this.announcer = announcer;
        this.intake = intake;
        this.attempts = attempts;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before all others. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void stop() {
        running = false;
        intake.close();
        announcer.stopping();
        try {
            if (!attempts.awaitNone(properties.drain())) {
                giveBack();
            }
            announcer.end(properties.drainEnd());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveBack() throws InterruptedException {
        log.info("{} replies are given back", attempts.count());
        attempts.drain();
        if (!attempts.awaitNone(properties.drainEnd())) {
            log.warn("{} replies are left as they are: the broker takes nothing", attempts.count());
        }
    }
}
