package chat.parley.conversation.history;

import org.springframework.stereotype.Component;

/**
 * How many replies of one user may be in flight at once. Without a setting it is half of what the workers run at once:
 * then whoever else asks finds at least the other half, and waits at most twice as long as without him.
 */
@Component
public class Shares {
    /** More at once is more than one person reads. */
    static final int MOST = 8;

    private final HistoryProperties properties;
    private volatile int capacity;

    Shares(HistoryProperties properties) {
        this.properties = properties;
    }

    /** Says how many calls all workers together run at once; 0 if that is not known. */
    public void capacity(int calls) {
        capacity = calls;
    }

    /** At least 1. */
    public int perUser() {
        Integer set = properties.repliesPerUser();
        if (set != null) {
            return set;
        }
        int calls = capacity;
        return calls == 0 ? MOST : Math.clamp((calls + 1) / 2, 1, MOST);
    }
}
