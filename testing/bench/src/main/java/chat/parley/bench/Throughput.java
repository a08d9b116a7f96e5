package chat.parley.bench;

import chat.parley.e2e.stack.Processes.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What some workers did while there were always more questions than they take at once.
 *
 * @param concurrency of each
 * @param reply that each question got
 * @param firsts time to the first token of each reply that ended meanwhile; at least one
 * @param within how long it was
 */
record Throughput(
        int workers,
        int concurrency,
        Reply reply,
        List<Duration> firsts,
        Duration within,
        Map<Tier, Double> cpuSeconds) {
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double PERCENT = 100;

    double repliesPerSecond() {
        return firsts.size() / (within.toMillis() / MILLIS_PER_SECOND);
    }

    /** The replies in a second if no place of a worker were ever free, and all took the model's own time. */
    double predicted() {
        return workers * concurrency / (reply.modelsOwnTime().toMillis() / MILLIS_PER_SECOND);
    }

    /** By how much the replies differ from the prediction, in %; negative where there were fewer. */
    double difference() {
        return PERCENT * (repliesPerSecond() / predicted() - 1);
    }

    /** A share of the first tokens, in seconds. */
    double first(double share) {
        return Sample.of(firsts).percentile(share) / MILLIS_PER_SECOND;
    }

    Cost cost() {
        return new Cost(cpuSeconds, firsts.size() * reply.tokens());
    }
}
