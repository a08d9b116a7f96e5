package chat.parley.conversation.live;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Runs what may wait for Redis or for a socket, each on a virtual thread of its own. */
@Component
final class LiveThreads {
    private static final Logger log = LoggerFactory.getLogger(LiveThreads.class);

    private final Thread.Builder.OfVirtual threads = Thread.ofVirtual()
            .name("live-", 0)
            .uncaughtExceptionHandler((thread, e) -> log.error("A task of the sockets failed", e));

    Thread run(Runnable task) {
        return threads.start(task);
    }
}
