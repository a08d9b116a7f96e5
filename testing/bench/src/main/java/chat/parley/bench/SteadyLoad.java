package chat.parley.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** People who each ask again as soon as they have their answer, until it is closed. */
final class SteadyLoad implements AutoCloseable {
    private final ExecutorService people = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Duration> firsts = new ArrayList<>();
    private volatile @Nullable Exception failure;
    private volatile boolean over;

    /**
     * Begins.
     *
     * @param atOnce how many are answered at once; the others wait
     * @param within these have asked; one after the other, so that their answers don't end all together either
     */
    SteadyLoad(List<? extends Asker> askers, int atOnce, Duration within) {
        for (int i = 0; i < askers.size(); i++) {
            Asker asker = askers.get(i);
            Duration pause = within.multipliedBy(Math.min(i, atOnce)).dividedBy(atOnce);
            people.execute(() -> askAndAsk(asker, pause));
        }
    }

    private void askAndAsk(Asker asker, Duration pause) {
        try {
            Thread.sleep(pause);
            while (!over) {
                answered(asker.firstToken());
            }
        } catch (InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void answered(Duration first) {
        firsts.add(first);
    }

    /**
     * For each answer that is whole, in turn, how long its first token took.
     *
     * @throws IllegalStateException if somebody got none
     */
    synchronized List<Duration> answers() {
        Exception why = failure;
        if (why != null) {
            throw new IllegalStateException("Somebody got no answer: " + why.getMessage(), why);
        }
        return List.copyOf(firsts);
    }

    /** Returns when all have the answers that they wait for. */
    @Override
    public void close() {
        over = true;
        people.close();
    }
}
