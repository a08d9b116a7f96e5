package chat.parley.conversation.reply;

import chat.parley.conversation.history.HeldStore;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Shares;
import chat.parley.events.Id;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Gives held replies their turn: those of a user at once when one of his others ends, and all that whoever should have
 * done so left behind, once a second. Every replica does so, and none relies on another.
 */
@Component
class HeldReplies {
    private static final Logger log = LoggerFactory.getLogger(HeldReplies.class);
    private static final int MOST_PER_SHARD = 200;

    private final HeldStore store;
    private final Shares shares;
    private final AssistantStatus assistant;
    private final RequestPublisher requests;

    HeldReplies(
            HeldStore store,
            Shares shares,
            AssistantStatus assistant,
            RequestPublisher requests,
            ReplyProperties properties,
            Rounds rounds,
            MeterRegistry meters) {
        this.store = store;
        this.shares = shares;
        this.assistant = assistant;
        this.requests = requests;
        meters.gauge("parley.replies.per.user", shares, Shares::perUser);
        rounds.every(properties.admitEvery(), "look for held replies", this::sweep);
        rounds.every(properties.reclaimEvery(), "look for slots taken in vain", this::reclaim);
    }

    /** Admits what a user's free slots allow, on a thread of its own; the caller waits for nothing. */
    void admit(Id owner) {
        Thread.ofVirtual().name("admit").start(() -> {
            try {
                requests.publish(store.admit(List.of(owner)));
            } catch (RefusedException e) {
                log.info("The store can't be reached; the held replies of {} are left to the sweeper", owner);
            }
        });
    }

    private void sweep() {
        shares.capacity(assistant.capacity());
        requests.publish(store.admit(store.owners(MOST_PER_SHARD)));
    }

    private void reclaim() {
        int reclaimed = store.reclaim(store.owners(MOST_PER_SHARD));
        if (reclaimed > 0) {
            log.info("Freed {} slots of replies that are not in flight", reclaimed);
        }
    }
}
