package chat.parley.conversation.reply;

import chat.parley.conversation.history.Applied;
import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.HeldStore;
import chat.parley.conversation.history.Offer;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.conversation.history.ReplyStore.Offered;
import chat.parley.conversation.history.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Takes up what no one publishes: entries that wait for their time, whose replica died, or that piled up while the
 * broker was away. Also trims logs, ends replies whose deadline is over, and deletes what is older than the retention.
 * Every replica does so, and none relies on another.
 */
@Component
class OutboxSweeper {
    private static final Logger log = LoggerFactory.getLogger(OutboxSweeper.class);
    private static final int MOST_PER_SHARD = 200;
    /** Further ahead than any backoff or time that a provider asks to wait. */
    private static final Duration FAR = Duration.ofDays(30);

    private final Broker broker;
    private final ReplyStore store;
    private final HeldStore held;
    private final Retention retention;
    private final RequestPublisher requests;
    private final int mostPerSweep;

    OutboxSweeper(
            Broker broker,
            ReplyStore store,
            HeldStore held,
            Retention retention,
            RequestPublisher requests,
            ReplyProperties properties,
            Rounds rounds) {
        this.broker = broker;
        this.store = store;
        this.held = held;
        this.retention = retention;
        this.requests = requests;
        long perSweep = properties.resumeRate()
                * properties.sweepEvery().toMillis()
                / Duration.ofSeconds(1).toMillis();
        this.mostPerSweep = (int) Math.max(1, perSweep);
        rounds.every(properties.sweepEvery(), "sweep of the outbox", this::sweep);
        rounds.every(properties.trimEvery(), "trimming of logs", this::trim);
        rounds.every(properties.expireEvery(), "look for deadlines", this::expire);
        rounds.every(properties.retainEvery(), "look for old conversations", this::retain);
    }

    private void sweep() {
        if (!broker.canPublish()) {
            return;
        }
        List<Entry> due = new ArrayList<>(store.dueOutbox(store.now(), mostPerSweep));
        // Each shard's oldest came; in another order for each replica, so that they don't reach for the same ones.
        Collections.shuffle(due);
        int taken = 0;
        for (Entry entry : due) {
            Optional<Offer> offer = store.lease(entry);
            if (offer.isPresent()) {
                requests.publish(List.of(offer.get()));
                taken++;
            }
            if (taken == mostPerSweep) {
                return;
            }
        }
    }

    private void trim() {
        store.trimDue(store.now(), MOST_PER_SHARD);
    }

    private void retain() {
        int deleted = retention.sweep(store.now());
        if (deleted > 0) {
            log.info("Deleted {} conversations that were older than the retention", deleted);
        }
    }

    private void expire() {
        Instant now = store.now();
        List<Entry> waiting = new ArrayList<>(store.dueOutbox(now.plus(FAR), MOST_PER_SHARD));
        store.offered(MOST_PER_SHARD).stream().map(Offered::entry).forEach(waiting::add);
        waiting.addAll(held.overdue(now, MOST_PER_SHARD));
        for (Entry entry : waiting) {
            Applied applied = store.expire(entry);
            if (applied.outcome() == Outcome.APPLIED) {
                log.warn("Reply {} failed: no worker took it before its deadline", entry.reply());
            }
            requests.publish(applied.offers());
        }
    }
}
