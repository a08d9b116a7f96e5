package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Browser;
import chat.parley.conversation.RawSocket;
import chat.parley.conversation.Service;
import chat.parley.testing.servers.RedisServer;
import io.lettuce.core.protocol.AsyncCommand;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.coyote.http11.Http11Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All come at once, as when a network or a store is back. */
class StormIT {
    private static final int AT_ONCE = 300;

    @TempDir
    Path folder;

    /**
     * A socket refers to what has read its handshake for as long as it is open, and that takes more than the socket.
     */
    @Test
    void handshakesOfLaterStormsTakeNoMoreMemoryThanThoseOfTheFirst() throws Exception {
        List<RawSocket> sockets = new ArrayList<>();
        try (RedisServer redis = RedisServer.startPrivate(folder);
                Service service = Service.start(redis, "parley.live.sockets-per-user=" + 2 * AT_ONCE)) {
            String cookie = "Cookie: " + Browser.guest(service).cookie();
            long others = instances(Http11Processor.class.getName());

            sockets.addAll(storm(redis, service, cookie));
            sockets.addAll(storm(redis, service, cookie));

            assertThat(instances(Http11Processor.class.getName()) - others).isLessThan(AT_ONCE + AT_ONCE / 6);
        } finally {
            for (RawSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** None is answered before all have asked the store for their session, since it is not there. */
    private static List<RawSocket> storm(RedisServer redis, Service service, String cookie) throws Exception {
        String question = AsyncCommand.class.getName();
        awaitThat(() -> instances(question) < AT_ONCE / 4);
        redis.pause();
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RawSocket>> coming = IntStream.range(0, AT_ONCE)
                    .mapToObj(_ -> people.submit(() -> new RawSocket(service, cookie)))
                    .toList();
            awaitThat(() -> instances(question) >= AT_ONCE);
            redis.resume();
            List<RawSocket> open = new ArrayList<>();
            for (Future<RawSocket> one : coming) {
                open.add(one.get());
            }
            assertThat(open).allMatch(socket -> socket.status() == 101);
            return open;
        } finally {
            redis.resume();
        }
    }

    /** Each look collects garbage, and must not take the time of those who are waited for. */
    private static void awaitThat(Callable<Boolean> holds) {
        await().pollInterval(Duration.ofMillis(250)).until(holds);
    }

    /** How many of a class are in use in this JVM, after a collection. */
    private static long instances(String type) throws JMException {
        Object table = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        // Each line: number, instances, bytes, class.
        return table.toString()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 3 && words[3].equals(type))
                .mapToLong(words -> Long.parseLong(words[1]))
                .sum();
    }
}
