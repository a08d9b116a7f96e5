package chat.parley.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Guests who come back, each as often as it takes, with the pauses that the page makes between two tries. */
final class Return {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);
    private static final int DOUBLINGS = 5;

    private final Function<Guest, Visit> connect;
    private final CountDownLatch missing;
    private final List<Visit> visits = new ArrayList<>();
    private final Map<String, Integer> failures = new ConcurrentSkipListMap<>();
    private volatile boolean over;

    /**
     * Of so many.
     *
     * @param connect begins to connect a guest
     */
    Return(int guests, Function<Guest, Visit> connect) {
        this.connect = connect;
        this.missing = new CountDownLatch(guests);
    }

    /** This guest comes at once. */
    void at(Guest guest) {
        come(guest, 0);
    }

    /** This guest has failed once, and comes after a pause. */
    void soon(Guest guest) {
        comeLater(guest, 0);
    }

    private void come(Guest guest, int failed) {
        if (over) {
            return;
        }
        Visit visit = connect.apply(guest);
        var _ = visit.seen().whenComplete((seen, failure) -> {
            if (failure == null) {
                arrived(visit);
            } else {
                failures.merge(failure.getMessage(), 1, Integer::sum);
                comeLater(guest, failed + 1);
            }
        });
    }

    private synchronized void arrived(Visit visit) {
        if (over) {
            visit.cut();
            return;
        }
        visits.add(visit);
        missing.countDown();
    }

    /** Full jitter under a doubling cap, as the page's {@code socket.ts} has it. */
    private void comeLater(Guest guest, int failed) {
        long cap = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failed, DOUBLINGS));
        CompletableFuture.delayedExecutor(ThreadLocalRandom.current().nextLong(cap), TimeUnit.MILLISECONDS)
                .execute(() -> come(guest, failed));
    }

    /** Those who were there in time: all, unless something is wrong. Nobody comes after that. */
    List<Visit> await(Duration patience) throws InterruptedException {
        boolean _ = missing.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        return end();
    }

    private synchronized List<Visit> end() {
        over = true;
        return List.copyOf(visits);
    }

    /** Why tries failed, and how many. */
    String failures() {
        return failures.isEmpty() ? "none" : failures.toString();
    }
}
