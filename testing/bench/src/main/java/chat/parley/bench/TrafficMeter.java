package chat.parley.bench;

import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Some pages of a stack, and what their answers make cross the sockets. */
final class TrafficMeter implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** Acknowledgements come after the end of an answer. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    private static final double NANOS_PER_SECOND = 1e9;

    private final Stack stack;
    private final TcpProxy way;
    private final List<Page> pages;
    private final Traffic idlePerSecond;

    /**
     * Opens pages, and sees for ten seconds what they cost when nobody asks.
     *
     * @param warmUp questions before: slow code sends more at a time, and so fewer bytes
     */
    TrafficMeter(Stack stack, int pages, int warmUp) throws IOException, InterruptedException {
        this.stack = stack;
        way = stack.anotherWayIn();
        this.pages = Page.open(URI.create("http://127.0.0.1:" + way.port()), pages);
        Reply.AT_ONCE.by(stack.model());
        for (int question = 0; question < warmUp; question++) {
            Duration _ = this.pages.getFirst().firstToken();
        }
        Traffic before = Traffic.soFar(stack, way);
        long begin = System.nanoTime();
        Thread.sleep(IDLE);
        idlePerSecond = Traffic.soFar(stack, way).minus(before).times(1 / secondsSince(begin));
    }

    /** What crosses in a second in which nobody asks. */
    Traffic idlePerSecond() {
        return idlePerSecond;
    }

    /** Every page gets one such reply: what crossed for each of their tokens, without what idling takes. */
    Traffic perToken(Reply reply) throws InterruptedException {
        reply.by(stack.model());
        Traffic before = Traffic.soFar(stack, way);
        long begin = System.nanoTime();
        Round.askAll(pages);
        Thread.sleep(SETTLE);
        Traffic all = Traffic.soFar(stack, way).minus(before);
        return all.minus(idlePerSecond.times(secondsSince(begin))).times(1.0 / (reply.tokens() * pages.size()));
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / NANOS_PER_SECOND;
    }

    @Override
    public void close() {
        pages.forEach(Page::close);
        way.close();
    }
}
