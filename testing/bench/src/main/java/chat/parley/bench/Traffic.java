package chat.parley.bench;

import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.stack.Backstage;
import chat.parley.e2e.stack.Stack;
import java.util.stream.DoubleStream;

/**
 * Bytes that crossed sockets, as those count them who hold them: Redis and RabbitMQ themselves, and a proxy in front of
 * nginx for the pages. What TCP adds is not in it.
 *
 * @param pages of all pages' sockets, both ways
 */
record Traffic(double redisIn, double redisOut, double brokerIn, double brokerOut, double pages) {
    private static final String IN = "total_net_input_bytes";
    private static final String OUT = "total_net_output_bytes";

    /**
     * All so far; asking Redis adds some 4 KB to what it sent.
     *
     * @param pages what all pages pass
     */
    static Traffic soFar(Stack stack, TcpProxy pages) {
        Backstage backstage = stack.backstage();
        long[] broker = ofBroker(stack.rabbitControl("--silent", "list_connections", "recv_oct", "send_oct"));
        String redis = backstage.redisStatistics();
        return new Traffic(statistic(redis, IN), statistic(redis, OUT), broker[0], broker[1], pages.passed());
    }

    /** The sums of the columns, a connection each line. */
    static long[] ofBroker(String connections) {
        long[] sums = new long[2];
        connections.lines().map(line -> line.strip().split("\\s+")).forEach(columns -> {
            sums[0] += Long.parseLong(columns[0]);
            sums[1] += Long.parseLong(columns[1]);
        });
        return sums;
    }

    /** The number that Redis gives by this name. */
    static long statistic(String statistics, String name) {
        return statistics
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(
                        line -> Long.parseLong(line.substring(name.length() + 1).strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Redis does not say " + name));
    }

    Traffic minus(Traffic other) {
        return new Traffic(
                redisIn - other.redisIn,
                redisOut - other.redisOut,
                brokerIn - other.brokerIn,
                brokerOut - other.brokerOut,
                pages - other.pages);
    }

    Traffic times(double factor) {
        return new Traffic(redisIn * factor, redisOut * factor, brokerIn * factor, brokerOut * factor, pages * factor);
    }

    /** How many times the other one each is. */
    Traffic dividedBy(Traffic other) {
        return new Traffic(
                redisIn / other.redisIn,
                redisOut / other.redisOut,
                brokerIn / other.brokerIn,
                brokerOut / other.brokerOut,
                pages / other.pages);
    }

    /** The one that is most. */
    double most() {
        return DoubleStream.of(redisIn, redisOut, brokerIn, brokerOut, pages)
                .max()
                .orElseThrow();
    }
}
