package chat.parley.conversation.reply;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.HeldStore;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.ReplyStore.Offered;
import chat.parley.events.Id;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * How many replies are before each that waits, as of this replica's last look at the request queues. A lower bound:
 * attempts that follow a lost one, or run alone, have lines of their own, and of a very long line only the front is
 * known.
 */
@Component
public class QueuePlaces {
    private static final int MOST_PER_SHARD = 200;
    private static final int MOST_PER_USER = 200;

    private final HeldStore held;
    private volatile Supplier<Set<Id>> watched = Set::of;
    private volatile Map<ConversationName, Place> places = Map.of();

    QueuePlaces(HeldStore held) {
        this.held = held;
    }

    /**
     * The place of a conversation's open reply.
     *
     * @param ahead how many replies start before it; 0 if it is next
     */
    public record Place(Id replyId, int ahead) {}

    /** The places that are known; that of a reply that has just been asked for comes with the next look. */
    public Map<ConversationName, Place> current() {
        return places;
    }

    /** Says of whose held replies anyone wants to know. */
    public void watch(Supplier<Set<Id>> owners) {
        watched = owners;
    }

    /** These wait for a worker. */
    void found(List<Offered> offered) {
        Set<Id> wanted = watched.get();
        List<Id> owners =
                held.owners(MOST_PER_SHARD).stream().filter(wanted::contains).toList();
        places = places(offered, held.of(owners, MOST_PER_USER));
    }

    /** Nothing is known of the queues. */
    void forget() {
        places = Map.of();
    }

    /**
     * What is offered is answered in the order of its confirms; what is held comes after all of that, and after what
     * its owner has asked for before.
     */
    static Map<ConversationName, Place> places(List<Offered> offered, Map<Id, List<Entry>> held) {
        Map<ConversationName, Place> places = new HashMap<>();
        List<Offered> line = offered.stream()
                .sorted(Comparator.comparing(Offered::confirmedAt))
                .toList();
        for (int i = 0; i < line.size(); i++) {
            put(places, line.get(i).entry(), i);
        }
        for (List<Entry> ofOne : held.values()) {
            for (int i = 0; i < ofOne.size(); i++) {
                put(places, ofOne.get(i), line.size() + i);
            }
        }
        return Map.copyOf(places);
    }

    private static void put(Map<ConversationName, Place> places, Entry entry, int ahead) {
        places.put(ConversationName.of(entry.reply()), new Place(entry.reply().replyId(), ahead));
    }
}
