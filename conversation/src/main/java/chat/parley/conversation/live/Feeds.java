package chat.parley.conversation.live;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.ConversationReader.Page;
import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Wakeups;
import chat.parley.conversation.reply.QueuePlaces;
import chat.parley.conversation.reply.QueuePlaces.Place;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** One {@link Feed} for each conversation that a socket of this replica looks at. */
@Component
final class Feeds {
    private static final Logger log = LoggerFactory.getLogger(Feeds.class);
    /** How many positions are compared with the store at the same time. */
    private static final int CHECKS = 64;

    private final ConcurrentHashMap<ConversationName, Feed> feeds = new ConcurrentHashMap<>();
    private final Semaphore checks = new Semaphore(CHECKS);
    private final Wakeups wakeups;
    private final ConversationReader reader;
    private final LiveProperties properties;
    private final LiveThreads threads;
    private final QueuePlaces places;
    private final FrameCodec codec;

    Feeds(
            Wakeups wakeups,
            ConversationReader reader,
            LiveProperties properties,
            LiveThreads threads,
            QueuePlaces places,
            FrameCodec codec) {
        this.wakeups = wakeups;
        this.reader = reader;
        this.properties = properties;
        this.threads = threads;
        this.places = places;
        this.codec = codec;
        places.watch(() -> feeds.keySet().stream().map(ConversationName::userId).collect(Collectors.toSet()));
        // What was heard before the break proves nothing any more.
        wakeups.onGap(() -> feeds.values().forEach(Feed::doubt));
    }

    /**
     * The conversation's feed, which listens until it is given to {@link #release}.
     *
     * @throws RefusedException UNAVAILABLE if Redis can't be reached
     */
    Feed hold(ConversationName name) {
        while (true) {
            Feed feed = feeds.computeIfAbsent(name, absent -> new Feed(absent, wakeups, properties));
            try {
                if (feed.hold()) {
                    return feed;
                }
                feeds.remove(name, feed);
            } catch (RefusedException e) {
                feeds.remove(name, feed);
                throw e;
            }
        }
    }

    void release(Feed feed) {
        if (feed.release()) {
            feeds.remove(feed.name(), feed);
        }
    }

    int count() {
        return feeds.size();
    }

    /** Starts the checks that are due, and tells places in the queue that have changed. */
    void tick(long now) {
        places.current().forEach(this::tell);
        for (Feed feed : feeds.values()) {
            if (feed.isCheckDue(now)) {
                threads.run(() -> check(feed));
            }
        }
    }

    private void tell(ConversationName name, Place place) {
        Feed feed = feeds.get(name);
        if (feed == null) {
            return;
        }
        List<Subscription> untold = feed.subscriptions().stream()
                .filter(subscription -> subscription.isNews(place))
                .toList();
        if (!untold.isEmpty()) {
            String text = codec.encode(new ServerFrame.Queued(name.conversationId(), place.replyId(), place.ahead()));
            untold.forEach(subscription -> subscription.tellPlace(text));
        }
    }

    private void check(Feed feed) {
        checks.acquireUninterruptibly();
        try {
            long seen = feed.newest();
            boolean wasActive = feed.isActive();
            compare(feed);
            if (wasActive && !hasOpenReply(feed)) {
                feed.rest(seen);
            }
        } catch (RefusedException e) {
            feed.checkAgain();
        } finally {
            checks.release();
        }
    }

    /** Pub/sub forgets: compares all positions with the store, and finds what was not announced. */
    private void compare(Feed feed) {
        boolean lost = false;
        Optional<Cursor> end = Optional.empty();
        for (Cursor position : feed.positions()) {
            Optional<Page> page = reader.read(feed.name(), position, 0);
            if (page.isPresent()) {
                end = page.map(Page::newest);
            } else {
                lost = true;
                lost(feed, position);
            }
        }
        if (lost) {
            feed.startOver();
        }
        end.ifPresent(feed::found);
    }

    private boolean hasOpenReply(Feed feed) {
        Optional<Boolean> open = reader.find(feed.name()).map(one -> one.activeReplyId() != null);
        return open.orElse(false);
    }

    /** A position is not in the log: it was deleted, or trimmed, or the store came back older. */
    void lost(Feed feed, Cursor position) {
        if (reader.deleted(feed.name())) {
            // Whoever had to hear of it may not have.
            feed.onDeleted();
            feed.subscriptions().forEach(Subscription::deleted);
            return;
        }
        for (Subscription subscription : feed.subscriptions()) {
            if (subscription.position().equals(position)) {
                log.info("Conversation {} has no position {} any more", feed.name(), position);
                subscription.lost();
            }
        }
    }
}
