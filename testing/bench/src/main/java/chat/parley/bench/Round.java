package chat.parley.bench;

import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Processes.Tier;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Many ask a question each at about the same time, and all answers come.
 *
 * @param first to the first piece of each
 * @param gaps from each piece to the next
 * @param whole to the end of each
 * @param cpuSeconds what it took
 * @param reply what each got
 */
record Round(Sample first, Sample gaps, Sample whole, Map<Tier, Double> cpuSeconds, Reply reply) {
    /** Questions of people don't come in the same millisecond. */
    static final Duration SPREAD = Duration.ofSeconds(2);

    /** In real time: as fast as the model, soon, and without a pause that one sees. */
    private static final double LONGEST = 1.05;

    private static final double PERCENT = 100;
    private static final double FIRST_MS = 1000;
    private static final double GAP_MS = 500;

    /** Has it happen; the model has to be told of the reply before. */
    static Round of(List<? extends Asker> askers, Reply reply) throws IOException, InterruptedException {
        Processes before = Processes.now();
        List<StreamTimes> replies = askAll(askers);
        List<Duration> firsts = new ArrayList<>();
        List<Duration> wholes = new ArrayList<>();
        List<Duration> gaps = new ArrayList<>();
        for (StreamTimes times : replies) {
            wholes.add(times.whole());
            firsts.add(times.first());
            gaps.addAll(times.gaps());
        }
        Map<Tier, Double> used = Processes.now().cpuSecondsSince(before);
        return new Round(Sample.of(firsts), Sample.of(gaps), Sample.of(wholes), used, reply);
    }

    /** All ask, spread over some seconds; returns when all have their answers. */
    static List<StreamTimes> askAll(List<? extends Asker> askers) throws InterruptedException {
        StreamTimes[] replies = new StreamTimes[askers.size()];
        CountDownLatch asked = new CountDownLatch(replies.length);
        for (int i = 0; i < replies.length; i++) {
            int number = i;
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(SPREAD.multipliedBy(number).dividedBy(replies.length));
                    replies[number] = askers.get(number).ask("Stream " + number + " at " + System.nanoTime());
                } catch (InterruptedException | RuntimeException e) {
                    replies[number] = StreamTimes.failed("Not asked: " + e);
                } finally {
                    asked.countDown();
                }
            });
        }
        asked.await();
        for (StreamTimes reply : replies) {
            reply.whole();
        }
        return List.of(replies);
    }

    /** Whether people could read as fast as the model wrote. */
    boolean isInRealTime() {
        return timesModelsOwn(1) <= LONGEST && first.percentile(0.99) < FIRST_MS && gaps.percentile(0.99) < GAP_MS;
    }

    /** How many of a hundred answers took hardly longer than the model. */
    double inTime() {
        return PERCENT * whole.shareUpTo(LONGEST * reply.modelsOwnTime().toMillis());
    }

    /** How many times the model's own time a share of the answers took at most. */
    double timesModelsOwn(double share) {
        return whole.percentile(share) / reply.modelsOwnTime().toMillis();
    }

    /** What all tokens cost. */
    Cost cost() {
        return new Cost(cpuSeconds, whole.size() * reply.tokens());
    }
}
