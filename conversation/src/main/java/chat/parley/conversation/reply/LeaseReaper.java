package chat.parley.conversation.reply;

import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.events.ReplyEvent.LeaseCheck;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.springframework.amqp.AmqpException;
import org.springframework.stereotype.Component;

/**
 * Looks for workers that were silent for too long. It decides nothing: it asks, behind all that the worker has said,
 * and what is applied there decides.
 */
@Component
class LeaseReaper {
    private static final int MOST_PER_SHARD = 200;

    private final Broker broker;
    private final ReplyStore store;
    private final EventPublisher events;
    private final ReplyProperties properties;
    private final Map<Entry, Instant> asked = new HashMap<>();

    LeaseReaper(Broker broker, ReplyStore store, EventPublisher events, ReplyProperties properties, Rounds rounds) {
        this.broker = broker;
        this.store = store;
        this.events = events;
        this.properties = properties;
        rounds.every(properties.reapEvery(), "look for lost workers", this::reap);
    }

    private void reap() {
        if (!broker.canPublish() || !broker.isOlderThan(properties.reapFrom())) {
            return;
        }
        Instant now = store.now();
        asked.values().removeIf(at -> !at.plus(properties.checkAgainAfter()).isAfter(now));
        for (Entry entry : store.overdueLeases(now, MOST_PER_SHARD)) {
            if (asked.putIfAbsent(entry, now) == null && !ask(entry, now)) {
                return;
            }
        }
    }

    private boolean ask(Entry entry, Instant now) {
        try {
            events.check(new LeaseCheck(entry.reply(), entry.attempt(), now));
            return true;
        } catch (AmqpException e) {
            // The connection is lost; its keeper says so, and the next round asks again.
            return false;
        }
    }
}
